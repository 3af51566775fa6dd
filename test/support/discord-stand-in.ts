import type { RESTPostAPIChannelMessageJSONBody, RESTPostAPIWebhookWithTokenJSONBody } from 'discord.js';
import type { Answer, Fault } from './http.ts';

/** A message that the stand-in has accepted. */
export interface DiscordMessage {
  readonly id: string;
  /** The JSON body, or `payload_json` of a multipart one; after an edit with the edited fields. */
  payload: RESTPostAPIWebhookWithTokenJSONBody & Pick<RESTPostAPIChannelMessageJSONBody, 'nonce' | 'message_reference'>;
  files: { name: string; size: number }[];
  /** When it was accepted, epoch milliseconds. */
  readonly at: number;
  readonly by: 'webhook' | 'bot';
  /** True once it was published to the followers of its channel. */
  published?: true;
}

/** What came with a request. */
export type Body = Pick<DiscordMessage, 'payload' | 'files'>;

/** A request as the fault hook sees it; `count` is 1 for the first one. */
export interface DiscordRequest {
  readonly method: string;
  /** `/api/v10/webhooks/ID/TOKEN`, without the query. */
  readonly path: string;
  readonly count: number;
}

/**
 * Beyond the faults of HTTP:
 * - `hang-before-body`: takes the connection, reads no body, never answers
 * - `accept-then-reset`: records the message, then resets the connection without an answer
 * - `accept-then-hang`: records the message and never answers
 *
 * `truncate` and `stall` record the message too: their half answer says so. The other faults record nothing.
 */
export type DiscordFault = Fault | 'hang-before-body' | 'accept-then-reset' | 'accept-then-hang';

/** Permissions as Discord writes them, bits in decimal. */
export interface Permissions {
  readonly everyone: bigint;
  /** Of the bot's own role. */
  readonly role: bigint;
  readonly overwrites: readonly {
    readonly id: string;
    readonly type: 0 | 1;
    readonly allow: string;
    readonly deny: string;
  }[];
}

/** The channel of webhook and bot, as far as a test changes it. Source: Discord's reference, "Channel Object". */
export interface ChannelShape {
  /** 0 text, 2 voice, 4 category, 5 announcements, 10 to 12 threads, 13 stage, 14 directory, 15 forum, 16 media. */
  readonly type: number;
  readonly parent_id?: string;
  readonly thread_metadata?: { readonly archived: boolean; readonly locked: boolean };
  /** There where the bot has joined the thread. */
  readonly member?: object;
}

/** The id of the channel that a thread is in. */
export const PARENT_ID = '1417934283201413150';

/** The id of the bot's own role. */
export const BOT_ROLE = '1417934283201413140';

/** Discord's REST interface on loopback, as far as one webhook and one bot need it. Both post into the same channel. */
export interface DiscordStandIn {
  /** What `DISCORD_API_URL` takes: `http://127.0.0.1:port/api`. */
  readonly url: string;
  /** What `DISCORD_WEBHOOK_URL` takes: a discord.com address with `id` and `token`. */
  readonly webhookUrl: string;
  readonly id: string;
  /** A secret: it must never appear in a log, an error or a message. */
  readonly token: string;
  /** What `DISCORD_BOT_TOKEN` and `DISCORD_CHANNEL_ID` take; the token is a secret too. */
  readonly botToken: string;
  readonly channelId: string;
  /** Every request that arrived, faults included. */
  readonly requests: DiscordRequest[];
  readonly messages: DiscordMessage[];
  /** The ids of the messages that were published, in their order. */
  readonly crossposts: string[];
  /** The clock that ids and nonces go by, epoch milliseconds; the real one by default. */
  now: () => number;
  /** What the bot may do in its server and its channel; undefined: Discord does not tell. May be changed. */
  permissions: Permissions | undefined;
  /** What the channel is. May be changed. */
  channel: ChannelShape;
  /** The overwrites of the channel that the thread is in: a thread has none of its own. */
  parent: Permissions['overwrites'];
  /** Until when the bot is timed out, ISO instant. */
  timedOut: string | null;
  /** The threads of the webhook's channel, by id. */
  threads: string[];
  /** The webhook's own picture, as it was given; null: none. */
  avatar: string | null;
  /** Answers what the webhook and the channel do not: the routes of a gateway's stand-in. */
  more: ((request: DiscordRequest, body: Body, authorization: string | undefined) => Answer | undefined) | undefined;
  /** Decides on a fault for a request. */
  fault: ((request: DiscordRequest) => DiscordFault | undefined) | undefined;
  /** Told what has just happened, as it happens: `webhook asked`, `webhook accepted`, `webhook answered`, the same of the bot. */
  watch: ((step: string) => void) | undefined;
  close(): Promise<void>;
}

export const WEBHOOK_ID = '1417934283201413130';
export const BOT_ID = '1417934283201413133';
export const BOT_TOKEN = `${Buffer.from(BOT_ID).toString('base64')}.Gx1x1x.secret-bot-token-never-print-this-either`;
/** What a `.env` needs for the bot of every stand-in. */
export const BOT = { DISCORD_BOT_TOKEN: BOT_TOKEN, DISCORD_CHANNEL_ID: '1417934283201413131' };
export const CHANNEL_ID = BOT.DISCORD_CHANNEL_ID;
export const GUILD_ID = '1417934283201413132';
