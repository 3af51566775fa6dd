import type { IncomingMessage } from 'node:http';
import { buffer } from 'node:stream/consumers';
import type { APIEmbed, RESTPostAPIChannelMessageJSONBody, RESTPostAPIWebhookWithTokenJSONBody } from 'discord.js';
import { brokenLimit } from './discord-limits.ts';
import { type Answer, type Fault, send, startHttp } from './http.ts';

/** A message that the stand-in has accepted. */
export interface DiscordMessage {
  readonly id: string;
  /** The JSON body, or `payload_json` of a multipart one; after an edit with the edited fields. */
  payload: RESTPostAPIWebhookWithTokenJSONBody & Pick<RESTPostAPIChannelMessageJSONBody, 'nonce' | 'message_reference'>;
  files: { name: string; size: number }[];
  /** When it was accepted, epoch milliseconds. */
  readonly at: number;
  readonly by: 'webhook' | 'bot';
}

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
  /** Answers what the webhook and the channel do not: the routes of a gateway's stand-in. */
  more: ((request: DiscordRequest, body: Body, authorization: string | undefined) => Answer | undefined) | undefined;
  /** Decides on a fault for a request. */
  fault: ((request: DiscordRequest) => DiscordFault | undefined) | undefined;
  /** Told what has just happened, as it happens: `webhook asked`, `webhook accepted`, `webhook answered`, the same of the bot. */
  watch: ((step: string) => void) | undefined;
  close(): Promise<void>;
}

const WEBHOOK_ID = '1417934283201413130';
const TOKEN = 'secret-webhook-token'.padEnd(68, '-never-print-this');
export const BOT_ID = '1417934283201413133';
const BOT_TOKEN = `${Buffer.from(BOT_ID).toString('base64')}.Gx1x1x.secret-bot-token-never-print-this-either`;
/** What a `.env` needs for the bot of every stand-in. */
export const BOT = { DISCORD_BOT_TOKEN: BOT_TOKEN, DISCORD_CHANNEL_ID: '1417934283201413131' };
/** How long Discord knows a nonce: "the past few minutes", as its reference has it. */
const NONCE_MS = 5 * 60_000;
const CHANNEL_ID = BOT.DISCORD_CHANNEL_ID;
export const GUILD_ID = '1417934283201413132';
const DISCORD_EPOCH = 1_420_070_400_000;

/** An error as Discord sends it: `discordError(403, 50013, 'Missing Permissions')`. */
export function discordError(status: number, code: number, message: string): Answer {
  return { status, body: JSON.stringify({ message, code }) };
}

/** What Discord answers when the webhook exists but the token is wrong. */
export const INVALID_TOKEN = discordError(401, 50027, 'Invalid Webhook Token');

/** A 429: wait so many seconds, on this route or (global) on all. */
export function rateLimited(seconds: number, global = false): Answer {
  return {
    status: 429,
    headers: {
      'retry-after': String(seconds),
      'x-ratelimit-scope': global ? 'global' : 'user',
      ...(global && { 'x-ratelimit-global': 'true' }),
    },
    body: JSON.stringify({ message: 'You are being rate limited.', retry_after: seconds, global }),
  };
}

/** Starts Discord's stand-in with one webhook. */
export async function startDiscord(): Promise<DiscordStandIn> {
  const server = await startHttp(async (request, response, url) => {
    const asked = { method: request.method ?? '', path: url.pathname, count: discord.requests.length + 1 };
    discord.requests.push(asked);
    const by = asked.path.startsWith('/api/v10/channels/') ? 'bot' : 'webhook';
    response.once('finish', () => discord.watch?.(`${by} answered`));
    discord.watch?.(`${by} asked`);
    const fault = discord.fault?.(asked);
    if (fault === 'hang-before-body') return;
    const body = await readBody(request);
    if (fault === 'accept-then-reset' || fault === 'accept-then-hang') {
      answer(discord, asked, body, url, request.headers.authorization);
      send(response, {}, fault === 'accept-then-hang' ? 'hang' : 'reset');
    } else if (fault === undefined || fault === 'truncate' || fault === 'stall') {
      send(response, answer(discord, asked, body, url, request.headers.authorization), fault);
    } else {
      send(response, {}, fault);
    }
  });
  const discord: DiscordStandIn = {
    url: `http://127.0.0.1:${server.port}/api`,
    webhookUrl: `https://discord.com/api/webhooks/${WEBHOOK_ID}/${TOKEN}`,
    id: WEBHOOK_ID,
    token: TOKEN,
    botToken: BOT_TOKEN,
    channelId: CHANNEL_ID,
    requests: [],
    messages: [],
    now: Date.now,
    permissions: undefined,
    channel: { type: 0 },
    parent: [],
    timedOut: null,
    threads: [],
    more: undefined,
    fault: undefined,
    watch: undefined,
    close: server.close,
  };
  return discord;
}

/** What came with a request. */
export type Body = Pick<DiscordMessage, 'payload' | 'files'>;

/** Reads a JSON body, or a multipart one of `payload_json` and `files[n]`. */
async function readBody(request: IncomingMessage): Promise<Body> {
  const bytes = await buffer(request);
  const type = request.headers['content-type'] ?? '';
  if (!type.startsWith('multipart/form-data')) {
    return { payload: bytes.length > 0 ? JSON.parse(bytes.toString()) : {}, files: [] };
  }
  const form = await new Response(new Uint8Array(bytes), { headers: { 'content-type': type } }).formData();
  const files = [];
  for (const [key, value] of form) {
    if (/^files\[\d+\]$/.test(key) && typeof value !== 'string') files.push({ name: value.name, size: value.size });
  }
  return { payload: JSON.parse(String(form.get('payload_json') ?? '{}')), files };
}

function answer(
  discord: DiscordStandIn,
  request: DiscordRequest,
  body: Body,
  url: URL,
  authorization: string | undefined,
): Answer {
  const { method, path } = request;
  const more = discord.more?.(request, body, authorization);
  if (more !== undefined) return more;
  const guild = guildAnswer(discord, path);
  if (guild !== undefined) return guild;
  if (path.startsWith('/api/v10/channels/')) {
    if (authorization !== `Bot ${discord.botToken}`) return discordError(401, 0, '401: Unauthorized');
    return answerBot(discord, method, path, body, url);
  }
  const webhookPath = `/api/v10/webhooks/${discord.id}/${discord.token}`;
  if (path === webhookPath && method === 'GET') return json(webhook());
  if (path === webhookPath && method === 'POST') {
    const problem = webhookRefusal(discord, body, url) ?? brokenLimit(body.payload, body.files);
    if (problem) return problem;
    const message = accept(discord, body, 'webhook');
    return url.searchParams.get('wait') === 'true' ? json(render(message)) : { status: 204 };
  }
  if (!path.startsWith(`${webhookPath}/messages/`)) return discordError(404, 10015, 'Unknown Webhook');
  const thread = url.searchParams.get('thread_id');
  if (thread !== null && !discord.threads.includes(thread)) return discordError(404, 10003, 'Unknown Channel');
  const message = discord.messages.find(({ id }) => path === `${webhookPath}/messages/${id}`);
  if (!message) return discordError(404, 10008, 'Unknown Message');
  if (method === 'GET') return json(render(message));
  if (method !== 'PATCH') return discordError(405, 0, '405: Method Not Allowed');
  // An edit keeps the files that its `attachments` name and adds the new ones.
  const { attachments } = body.payload as { attachments?: { id?: string | number }[] };
  const kept = attachments
    ? message.files.filter((_, n) => attachments.some(({ id }) => id === fileId(n)))
    : message.files;
  message.payload = { ...message.payload, ...body.payload };
  message.files = [...kept, ...body.files];
  return json({ ...render(message), edited_timestamp: new Date().toISOString() });
}

function accept(discord: DiscordStandIn, body: Body, by: DiscordMessage['by']): DiscordMessage {
  const at = discord.now();
  const id = ((BigInt(at - DISCORD_EPOCH) << 22n) + BigInt(discord.messages.length)).toString();
  const message = { id, ...body, at, by };
  discord.messages.push(message);
  discord.watch?.(`${by} accepted`);
  return message;
}

/**
 * Why a webhook cannot post: the thread first, then the kind of its channel, then what is in the message.
 * Source: Discord's reference, "Execute Webhook" and "JSON Error Codes"; the words of 220001 as FeedCord#90 and komf#135
 * report them, those of 50006 as discord-api-docs#5424 does.
 */
function webhookRefusal({ channel, threads }: DiscordStandIn, { payload, files }: Body, url: URL): Answer | undefined {
  const thread = url.searchParams.get('thread_id');
  const { thread_name: name } = payload as { thread_name?: string };
  const forum = channel.type === 15 || channel.type === 16;
  if (thread !== null && !threads.includes(thread)) return discordError(404, 10003, 'Unknown Channel');
  if (forum && thread !== null && name !== undefined) {
    return discordError(400, 220002, 'Webhooks posted to forum channels cannot have both a thread_name and thread_id');
  }
  if (forum && thread === null && name === undefined) {
    return discordError(400, 220001, 'Webhooks posted to forum channels must have a thread_name or thread_id');
  }
  if (!forum && name !== undefined) {
    return discordError(400, 220003, 'Webhooks can only create threads in forum channels');
  }
  if (!payload.content && !payload.embeds?.length && files.length === 0) {
    return discordError(400, 50006, 'Cannot send an empty message');
  }
  return undefined;
}

/**
 * Why a bot cannot post: the kind of the channel, the time-out, what it may do, the lock of a thread.
 * Source: Discord's reference, "Create Message", "Threads", "Guild Member Object" and "JSON Error Codes"; a time-out is
 * told as missing permissions.
 */
function botRefusal(discord: DiscordStandIn, { files }: Body): Answer | undefined {
  const { channel, permissions, parent, timedOut } = discord;
  if (channel.type === 15 || channel.type === 16) {
    return discordError(400, 40058, 'Cannot send a message in a forum channel');
  }
  if (channel.type === 4 || channel.type === 14) {
    return discordError(400, 50008, 'Cannot send messages in a non-text channel');
  }
  const missing = discordError(403, 50013, 'Missing Permissions');
  if (timedOut !== null && Date.parse(timedOut) > discord.now()) return missing;
  const thread = channel.type >= 10 && channel.type <= 12;
  const held = permissions && heldBits(permissions, thread ? parent : permissions.overwrites);
  const has = (bit: number) => held === undefined || (held & (1n << BigInt(bit))) !== 0n;
  if (!has(10)) return discordError(403, 50001, 'Missing Access');
  if (!has(thread ? 38 : 11) || (files.length > 0 && !has(15))) return missing;
  if (channel.thread_metadata?.locked && (held === undefined || !has(34))) {
    return discordError(403, 160005, 'Thread is locked');
  }
  return undefined;
}

/** Everybody's, then those of the bot's role, then its own. Source: Discord's reference, "Permission Hierarchy". */
function heldBits({ everyone, role }: Permissions, overwrites: Permissions['overwrites']): bigint {
  const base = everyone | role;
  if ((base & 8n) !== 0n) return ~0n;
  return [GUILD_ID, BOT_ROLE, BOT_ID].reduce((held, who) => {
    const own = overwrites.find(({ id }) => id === who);
    return own === undefined ? held : (held & ~BigInt(own.deny)) | BigInt(own.allow);
  }, base);
}

function guildAnswer({ permissions, timedOut }: DiscordStandIn, path: string): Answer | undefined {
  if (permissions === undefined) return undefined;
  const guildPath = `/api/v10/guilds/${GUILD_ID}`;
  if (path === `${guildPath}/members/${BOT_ID}`) {
    return json({ roles: [BOT_ROLE], communication_disabled_until: timedOut });
  }
  if (path !== `${guildPath}/roles`) return undefined;
  return json([
    { id: GUILD_ID, name: '@everyone', permissions: String(permissions.everyone) },
    { id: BOT_ROLE, name: 'Breakout Bell', permissions: String(permissions.role) },
  ]);
}

/** The bot may post, read back and look at its channel. */
function answerBot(discord: DiscordStandIn, method: string, path: string, body: Body, url: URL): Answer {
  const channelPath = `/api/v10/channels/${CHANNEL_ID}`;
  if (path === channelPath && method === 'GET')
    return json({
      id: CHANNEL_ID,
      guild_id: GUILD_ID,
      name: 'alerts',
      ...discord.channel,
      ...(discord.channel.type < 10 || discord.channel.type > 12
        ? { permission_overwrites: discord.permissions?.overwrites ?? [] }
        : {}),
    });
  if (path === `/api/v10/channels/${PARENT_ID}` && method === 'GET')
    return json({ id: PARENT_ID, guild_id: GUILD_ID, type: 0, name: 'talk', permission_overwrites: discord.parent });
  if (path !== `${channelPath}/messages`) return discordError(404, 10003, 'Unknown Channel');
  if (method === 'POST') {
    const problem = botRefusal(discord, body) ?? brokenLimit(body.payload, body.files);
    if (problem) return problem;
    const { nonce, enforce_nonce } = body.payload as RESTPostAPIChannelMessageJSONBody;
    if (nonce !== undefined && String(nonce).length > 25) return discordError(400, 50035, 'Invalid Form Body');
    const same = discord.messages.find(
      (message) => message.payload.nonce === nonce && discord.now() - message.at <= NONCE_MS,
    );
    if (nonce !== undefined && enforce_nonce && same !== undefined) return json(render(same));
    return json(render(accept(discord, body, 'bot')));
  }
  // The ones right after `after`, or else the newest; listed newest first, as Discord does.
  const limit = Number(url.searchParams.get('limit') ?? 50);
  const [after, before] = ['after', 'before'].map((name) => url.searchParams.get(name));
  const all = discord.messages.toSorted((a, b) => (BigInt(a.id) < BigInt(b.id) ? -1 : 1));
  const page =
    after == null
      ? all.filter(({ id }) => BigInt(id) < BigInt(before ?? 2n ** 64n)).slice(-limit)
      : all.filter(({ id }) => BigInt(id) > BigInt(after)).slice(0, limit);
  return json(page.toReversed().map(render));
}

function json(value: unknown): Answer {
  return { body: JSON.stringify(value) };
}

function fileId(index: number): string {
  return String(BigInt(CHANNEL_ID) + BigInt(index + 1000));
}

function webhook(): object {
  return {
    application_id: null,
    avatar: null,
    channel_id: CHANNEL_ID,
    guild_id: GUILD_ID,
    id: WEBHOOK_ID,
    name: 'Breakout Bell',
    type: 1,
    token: TOKEN,
    url: `https://discord.com/api/webhooks/${WEBHOOK_ID}/${TOKEN}`,
  };
}

/** What a message has besides what was posted. */
export function messageFields(at: number): object {
  return {
    components: [],
    mentions: [],
    mention_roles: [],
    mention_everyone: false,
    pinned: false,
    tts: false,
    flags: 0,
    timestamp: new Date(at).toISOString(),
    edited_timestamp: null,
  };
}

function render({ id, payload, files, at, by }: DiscordMessage): object {
  const author = by === 'webhook' ? WEBHOOK_ID : BOT_ID;
  return {
    id,
    type: 0,
    channel_id: CHANNEL_ID,
    ...(by === 'webhook' && { webhook_id: WEBHOOK_ID }),
    author: {
      id: author,
      username: payload.username ?? 'Breakout Bell',
      avatar: null,
      discriminator: '0000',
      bot: true,
    },
    content: payload.content ?? '',
    embeds: (payload.embeds ?? []).map((embed: APIEmbed) => ({ type: 'rich', ...embed })),
    attachments: files.map(({ name, size }, index) => ({
      id: fileId(index),
      filename: name,
      size,
      url: `https://cdn.discordapp.com/attachments/${CHANNEL_ID}/${fileId(index)}/${name}`,
      proxy_url: `https://media.discordapp.net/attachments/${CHANNEL_ID}/${fileId(index)}/${name}`,
    })),
    ...messageFields(at),
  };
}
