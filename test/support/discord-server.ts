import type { RESTPostAPIChannelMessageJSONBody } from 'discord.js';
import { discordError, json, rateLimited } from './discord-answers.ts';
import { brokenLimit } from './discord-limits.ts';
import { accept, fileId, readBody, render } from './discord-messages.ts';
import { botRefusal, crosspostRefusal, webhookRefusal } from './discord-refusals.ts';
import {
  BOT_ID,
  BOT_ROLE,
  BOT_TOKEN,
  type Body,
  CHANNEL_ID,
  type DiscordRequest,
  type DiscordStandIn,
  GUILD_ID,
  PARENT_ID,
  WEBHOOK_ID,
} from './discord-stand-in.ts';
import { type Answer, send, startHttp } from './http.ts';

const TOKEN = 'secret-webhook-token'.padEnd(68, '-never-print-this');
/** How long Discord knows a nonce: "the past few minutes", as its reference has it. */
const NONCE_MS = 5 * 60_000;

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
    crossposts: [],
    now: Date.now,
    permissions: undefined,
    channel: { type: 0 },
    parent: [],
    timedOut: null,
    threads: [],
    avatar: null,
    more: undefined,
    fault: undefined,
    watch: undefined,
    close: server.close,
  };
  return discord;
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
  if (path === webhookPath && method === 'GET') return json(webhook(discord));
  if (path === webhookPath && method === 'PATCH') return modify(discord, body.payload as { avatar?: string | null });
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
  const [, crossposted] = path.match(/\/messages\/(\d+)\/crosspost$/) ?? [];
  if (crossposted !== undefined && method === 'POST') return crosspost(discord, crossposted);
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

/** How many messages of a channel are published within an hour. Source: discord.js#4956. */
const MOST_AN_HOUR = 10;

/**
 * Source: Discord's reference, "Crosspost Message", "Message Flags" and "JSON Error Codes"; that only messages of the default
 * type can be published, replies not, as discord.js has it in `Message#crosspostable`.
 */
function crosspost(discord: DiscordStandIn, id: string): Answer {
  const message = discord.messages.find((one) => one.id === id);
  if (message === undefined) return discordError(404, 10008, 'Unknown Message');
  if (discord.channel.type !== 5) return discordError(400, 50024, 'Cannot execute action on this channel type');
  const refusal = crosspostRefusal(discord, message);
  if (refusal !== undefined) return refusal;
  if (message.payload.message_reference !== undefined) return discordError(400, 50068, 'Invalid message type');
  if (message.published) return discordError(400, 40033, 'This message has already been crossposted');
  if (discord.crossposts.length >= MOST_AN_HOUR) return rateLimited(3600);
  message.published = true;
  discord.crossposts.push(id);
  discord.watch?.('bot published');
  return json(render(message));
}

/**
 * A webhook takes a name and a picture without a login. Source: Discord's reference, "Modify Webhook with Token" and
 * "Image Data".
 */
function modify(discord: DiscordStandIn, { avatar }: { avatar?: string | null }): Answer {
  if (typeof avatar === 'string' && !/^data:image\/(png|jpeg|gif|webp);base64,[\w+/]+=*$/.test(avatar)) {
    return discordError(400, 50035, 'Invalid Form Body');
  }
  if (avatar !== undefined) discord.avatar = avatar;
  return json(webhook(discord));
}

function webhook({ avatar }: DiscordStandIn): object {
  return {
    application_id: null,
    // Discord tells a hash of it.
    avatar: avatar === null ? null : 'a1b2c3d4e5f60718293a4b5c6d7e8f90',
    channel_id: CHANNEL_ID,
    guild_id: GUILD_ID,
    id: WEBHOOK_ID,
    name: 'Breakout Bell',
    type: 1,
    token: TOKEN,
    url: `https://discord.com/api/webhooks/${WEBHOOK_ID}/${TOKEN}`,
  };
}
