import { Client, Events, GatewayIntentBits, type Interaction } from 'discord.js';
import type { DiscordBotSettings } from '../channel/discord-bot/settings.ts';

/** discord.js's words for a token that Discord refuses: trying again cannot help. */
const REFUSED = ['TokenInvalid', 'DisallowedIntents', 'InvalidIntents'];

/** What a client tells. */
interface Listeners {
  /** It is connected. Comes again after each break. */
  begun(): void;
  /** The connection broke. @param words why */
  broken(words: string): void;
  /** It failed, and may go on. */
  failed(error: Error): void;
  asked(interaction: Interaction): void;
}

/** A client of discord.js that is not logged in yet. It may not mention anybody, and hears of its servers only. */
export function createClient({ api }: Pick<DiscordBotSettings, 'api'>, listeners: Listeners): Client {
  const client = new Client({
    intents: [GatewayIntentBits.Guilds],
    allowedMentions: { parse: [] },
    rest: { api, version: '10' },
  });
  // ShardReady comes each time, unlike ClientReady: also after a session that had to begin anew.
  client.on(Events.ShardReady, () => listeners.begun());
  client.on(Events.ClientReady, () => listeners.begun());
  client.on(Events.ShardResume, () => listeners.begun());
  client.on(Events.ShardReconnecting, () => listeners.broken('the connection to Discord broke; it is made again'));
  client.on(Events.ShardDisconnect, ({ code }) =>
    listeners.broken(`Discord closed the connection for good (code ${code})`),
  );
  client.on(Events.Invalidated, () => listeners.broken('Discord ended the session'));
  client.on(Events.ShardError, () => {});
  client.on(Events.Error, (error) => listeners.failed(error));
  client.on(Events.InteractionCreate, (interaction) => listeners.asked(interaction));
  return client;
}

/** Why a login failed, and whether it always will. */
export function loginFailure({ message, code = '' }: Error & { readonly code?: string }): {
  readonly words: string;
  readonly isFinal: boolean;
} {
  return REFUSED.includes(code)
    ? { words: `Discord refuses the bot: ${message}`, isFinal: true }
    : { words: `Discord's gateway cannot be reached: ${message}`, isFinal: false };
}
