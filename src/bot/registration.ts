import { type Client, type REST, type RESTPostAPIChatInputApplicationCommandsJSONBody, Routes } from 'discord.js';
import { textOf } from '../channel/discord/rest.ts';
import type { Signal } from '../signal/signal.ts';
import { commandsFor } from './commands.ts';

/**
 * The id of the server that a channel belongs to.
 * @throws where it belongs to none
 */
export async function serverOf({ rest }: Pick<Client, 'rest'>, channelId: string): Promise<string> {
  const guild = textOf(await rest.get(Routes.channel(channelId)), 'guild_id');
  if (guild === undefined) throw new Error(`the channel ${channelId} belongs to no server`);
  return guild;
}

/**
 * Registers our commands for one server, where what is registered differs.
 * @returns true where they were changed
 */
export async function registerIn(
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
