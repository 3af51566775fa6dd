import { type Client, type REST, type RESTPostAPIChatInputApplicationCommandsJSONBody, Routes } from 'discord.js';
import { textOf } from '../channel/discord/answer.ts';
import type { DiscordBotSettings } from '../channel/discord-bot/settings.ts';
import type { Settings } from '../settings/settings.ts';
import type { Signal } from '../signal/signal.ts';
import type { BotLog } from './bot-log.ts';
import { commandsFor } from './commands.ts';

/** The registration of our commands, which has to work once. */
export interface Registration {
  /** The server of our channel; undefined until it is known. */
  guild(): string | undefined;
  isDone(): boolean;
  /** Registers what is not registered yet. @throws where Discord does not let us */
  complete(client: Client<true>): Promise<void>;
}

export function createRegistration(
  { signals }: Pick<Settings, 'signals'>,
  { channelId }: Pick<DiscordBotSettings, 'channelId'>,
  log: BotLog,
): Registration {
  let guild: string | undefined;
  let done = false;
  return {
    guild: () => guild,
    isDone: () => done,
    complete: async (client) => {
      guild = await serverOf(client, channelId);
      const changed = await registerIn(guild, client, signals);
      if (changed) log.info({ guild }, 'the commands are registered');
      done = true;
    },
  };
}

/** Why the commands are not registered, and the cure. */
export function registrationFailure({ message }: Error): string {
  return `the commands cannot be registered (${message}); invite the bot with the link in docs/discord.md`;
}

/**
 * The id of the server that a channel belongs to.
 * @throws where it belongs to none
 */
async function serverOf({ rest }: Pick<Client, 'rest'>, channelId: string): Promise<string> {
  const guild = textOf(await rest.get(Routes.channel(channelId)), 'guild_id');
  if (guild === undefined) throw new Error(`the channel ${channelId} belongs to no server`);
  return guild;
}

/**
 * Registers our commands for one server, where what is registered differs.
 * @returns true where they were changed
 */
async function registerIn(
  guild: string,
  { rest, application }: Pick<Client<true>, 'application'> & { readonly rest: Pick<REST, 'get' | 'put'> },
  signals: readonly Signal[],
): Promise<boolean> {
  const route = Routes.applicationGuildCommands(application.id, guild);
  const commands = commandsFor(signals);
  const known = (await rest.get(route)) as RESTPostAPIChatInputApplicationCommandsJSONBody[];
  if (comparable(known) === comparable(commands)) return false;
  await rest.put(route, { body: commands });
  return true;
}

/** Commands as one text, in the order of their names. */
function comparable(commands: readonly RESTPostAPIChatInputApplicationCommandsJSONBody[]): string {
  return JSON.stringify(commands.map(ourParts).sort((a, b) => (a.name < b.name ? -1 : 1)));
}

/** The parts that we set, with Discord's defaults where they are left out. */
function ourParts(command: RESTPostAPIChatInputApplicationCommandsJSONBody) {
  const { name, options = [], default_member_permissions = null } = command;
  const description = 'description' in command ? command.description : '';
  return {
    name,
    description,
    default_member_permissions,
    options: options.map((option) => {
      const { type, name: title, description: text, required = false } = option;
      const choices = 'choices' in option ? (option.choices ?? []) : [];
      const [min = null, max = null] =
        'min_length' in option ? [option.min_length, option.max_length] : [undefined, undefined];
      return {
        type,
        title,
        text,
        required,
        choices: choices.map(({ name: label, value }) => [label, value]),
        min,
        max,
      };
    }),
  };
}
