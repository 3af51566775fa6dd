import {
  type ButtonInteraction,
  type ChatInputCommandInteraction,
  Client,
  Events,
  GatewayIntentBits,
  type Interaction,
  MessageFlags,
  PermissionFlagsBits,
  Routes,
} from 'discord.js';
import type { Logger } from 'pino';
import type { App } from '../app/app.ts';
import { textOf } from '../channel/discord/rest.ts';
import type { DiscordBotSettings } from '../channel/discord-bot/transport.ts';
import { messageWithoutAddresses, withoutAddresses } from '../channel/without-addresses.ts';
import { GATEWAY } from '../health/parts.ts';
import { parseButton } from '../render/discord-buttons.ts';
import { discordFiles, plainContent, renderDiscord } from '../render/discord-embed.ts';
import { type Answer, answerTo, answerToButton } from './answers.ts';
import { commandsFor, registerCommands } from './commands.ts';
import { createDesk, type Desk } from './desk.ts';
import { QuestionError } from './question-error.ts';

/** A login that failed is tried again after this long, in milliseconds: from then on reconnecting is discord.js's. */
const AGAIN_MS = 60_000;
/** discord.js's words for a token that Discord refuses: trying again cannot help. */
const REFUSED = ['TokenInvalid', 'DisallowedIntents', 'InvalidIntents'];

export interface Bot {
  /** Takes no more questions, waits for the answers that are under way, and disconnects. */
  close(): Promise<void>;
}

/**
 * Answers slash commands and buttons over Discord's gateway. Alerts do not pass through here: they are posted by REST,
 * whatever becomes of the gateway. Whether it is connected is noted in the ledger.
 */
export function startBot(app: App, settings: DiscordBotSettings, log: BotLog, againMs = AGAIN_MS): Bot {
  const { ledger, now, clean } = app;
  const answering = new Set<Promise<void>>();
  const desk = createDesk(now);
  let client: Client | undefined;
  let guild: string | undefined;
  let registered = false;
  let up = false;
  let closing = false;
  let again: NodeJS.Timeout | undefined;
  let last: string | null | undefined;
  /** Only changes: while Discord is down its client tries twice a second. */
  const note = (failure: string | null) => {
    const words = failure === null ? null : clean(failure);
    if (closing || words === last) return;
    last = words;
    if (words === null) log.info({}, 'the bot is connected');
    else log.warn({ reason: words }, 'the bot is not connected; alerts are posted all the same');
    ledger.probe(GATEWAY, words, new Date(now()).toISOString()).catch((err) => log.error({ err }, 'the ledger failed'));
  };
  const later = (act: () => void) => {
    clearTimeout(again);
    if (!closing) again = setTimeout(act, againMs).unref();
  };
  /** Until it has worked once; without its commands a connected bot answers nothing. */
  const register = async (connected: Client<true>): Promise<void> => {
    if (registered || closing) return note(null);
    try {
      const found = textOf(await connected.rest.get(Routes.channel(settings.channelId)), 'guild_id');
      if (found === undefined) throw new Error(`the channel ${settings.channelId} belongs to no server`);
      guild = found;
      const commands = commandsFor(app.settings.signals);
      const changed = await registerCommands(connected.rest, connected.application.id, found, commands);
      if (changed) log.info({ guild: found }, 'the commands are registered');
      registered = true;
      if (up) note(null);
    } catch (error) {
      note(
        `the commands cannot be registered (${(error as Error).message}); invite the bot with the link of the README`,
      );
      later(() => void register(connected));
    }
  };
  /** A client that has failed cannot be used again: each attempt gets a new one. */
  const connect = () => {
    const fresh = new Client({
      intents: [GatewayIntentBits.Guilds],
      allowedMentions: { parse: [] },
      rest: { api: settings.api, version: '10' },
    });
    client = fresh;
    const ours = (act: () => void) => () => {
      if (client === fresh) act();
    };
    const begun = ours(() => {
      up = true;
      if (fresh.isReady()) void register(fresh);
    });
    const broken = (words: string) => {
      if (client !== fresh) return;
      up = false;
      note(words);
    };
    // ShardReady comes each time, unlike ClientReady: also after a session that had to begin anew.
    fresh.on(Events.ShardReady, begun);
    fresh.on(Events.ClientReady, begun);
    fresh.on(Events.ShardResume, begun);
    fresh.on(Events.ShardReconnecting, () => broken('the connection to Discord broke; it is made again'));
    fresh.on(Events.ShardDisconnect, ({ code }) => broken(`Discord closed the connection for good (code ${code})`));
    fresh.on(Events.Invalidated, () => broken('Discord ended the session'));
    fresh.on(Events.ShardError, () => {});
    fresh.on(Events.Error, (error) => log.warn({ reason: clean(error.message) }, 'the bot failed'));
    fresh.on(Events.InteractionCreate, (interaction) => {
      if (closing || client !== fresh) return;
      const answer = answerInteraction(app, interaction, guild, desk, log).catch((error: Error) =>
        log.warn({ reason: clean(error.message) }, 'an answer did not arrive'),
      );
      answering.add(answer);
      void answer.finally(() => answering.delete(answer));
    });
    fresh.login(settings.token).catch((error: Error & { code?: string }) => {
      if (closing || client !== fresh) return;
      const refused = REFUSED.includes(error.code ?? '');
      note(
        refused ? `Discord refuses the bot: ${error.message}` : `Discord's gateway cannot be reached: ${error.message}`,
      );
      if (!refused) later(connect);
    });
  };
  connect();
  return {
    close: async () => {
      closing = true;
      clearTimeout(again);
      await Promise.allSettled(answering);
      await client?.destroy();
    },
  };
}

/** As much of the log as the bot needs: it may live in another thread. */
export type BotLog = Pick<Logger, 'info' | 'warn' | 'error'>;

/** Answers one interaction; whatever goes wrong is said in a friendly line, and never thrown at the gateway. */
async function answerInteraction(
  app: App,
  interaction: Interaction,
  guild: string | undefined,
  desk: Desk,
  log: BotLog,
): Promise<void> {
  if (!interaction.isChatInputCommand() && !interaction.isButton()) return;
  const open = interaction.isChatInputCommand() && interaction.options.getBoolean('show') === true;
  // Within three seconds, whatever the answer takes.
  await interaction.deferReply(open ? {} : { flags: MessageFlags.Ephemeral });
  const what = interaction.isButton() ? interaction.customId : `/${interaction.commandName}`;
  const by = app.clean(`${interaction.user.username} (${interaction.user.id}) on Discord`);
  try {
    // Commands may be left in a server that the channel was in before.
    if (interaction.guildId !== guild) throw new QuestionError('I answer in the server of my channel only.');
    const answer = await answerOf(app, interaction, by, desk);
    await interaction.editReply(payloadOf(app, answer));
    log.info({ what, by }, 'answered');
  } catch (error) {
    const { name, message, stack } = error as Error;
    const friendly = name === 'QuestionError';
    if (friendly) log.info({ what, by, refused: message }, 'answered');
    else log.error({ what, by, reason: app.clean(message), stack: app.clean(stack ?? '') }, 'an answer failed');
    const words = friendly
      ? message
      : `That did not work: ${message}. The log has more; npm run doctor looks for the cause.`;
    await interaction.editReply({ content: contentOf(app, words), allowedMentions: { parse: [] } });
  }
}

async function answerOf(
  app: App,
  interaction: ChatInputCommandInteraction | ButtonInteraction,
  by: string,
  desk: Desk,
): Promise<Answer> {
  const person = interaction.user.id;
  if (interaction.isButton()) {
    const button = parseButton(interaction.customId);
    if (button === undefined) throw new QuestionError('I do not know this button any more.');
    return desk.inTurn(button.action, person, () => answerToButton(app, button.action, button.message));
  }
  const { commandName: command } = interaction;
  const options = interaction.options.data.map(({ name, value }) => [name, String(value ?? '')] as const);
  const manager = interaction.memberPermissions?.has(PermissionFlagsBits.ManageGuild) === true;
  return desk.inTurn(command, person, async () =>
    answerTo(app, { command, options: Object.fromEntries(options), by, manager }, desk),
  );
}

/** Discord's limit of a message's own text. */
const CONTENT = 2000;

/** What a person typed and what a service said is in these words: they are shown as text, and hold no address. */
function contentOf(app: Pick<App, 'settings' | 'clean'>, words: string): string {
  const open = withoutAddresses(app.clean(words), app.settings.email?.to ?? []);
  // The mark of a secret is ours; before a parenthesis it could begin a link.
  return plainContent(open, CONTENT).replace(/\\\[secret\](?!\()/g, '[secret]');
}

function payloadOf(app: Pick<App, 'settings'>, { message: said, pictures, files }: Answer) {
  const message = messageWithoutAddresses(said, app.settings.email?.to ?? []);
  const outgoing = { message, repeat: false, refersTo: null, pictures };
  const { embeds = [] } = renderDiscord(outgoing);
  return {
    embeds,
    allowedMentions: { parse: [] },
    files: [
      ...discordFiles(outgoing).map(({ name, data }, at) => ({
        name,
        attachment: data,
        description: (pictures[at]?.alt ?? '').slice(0, 1024),
      })),
      ...files.map(({ name, text }) => ({ name, attachment: Buffer.from(text) })),
    ],
  };
}
