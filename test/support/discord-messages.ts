import type { IncomingMessage } from 'node:http';
import { buffer } from 'node:stream/consumers';
import type { APIEmbed } from 'discord.js';
import {
  BOT_ID,
  type Body,
  CHANNEL_ID,
  type DiscordMessage,
  type DiscordStandIn,
  WEBHOOK_ID,
} from './discord-stand-in.ts';

const DISCORD_EPOCH = 1_420_070_400_000;

/** Reads a JSON body, or a multipart one of `payload_json` and `files[n]`. */
export async function readBody(request: IncomingMessage): Promise<Body> {
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

/** Keeps what was posted, under the next id. */
export function accept(discord: DiscordStandIn, body: Body, by: DiscordMessage['by']): DiscordMessage {
  const at = discord.now();
  const id = ((BigInt(at - DISCORD_EPOCH) << 22n) + BigInt(discord.messages.length)).toString();
  const message = { id, ...body, at, by };
  discord.messages.push(message);
  discord.watch?.(`${by} accepted`);
  return message;
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

/**
 * A message as Discord answers it. A file that an embed shows is at the embed and not among the attachments.
 * Source: discord-api-docs#8279.
 */
export function render({ id, payload, files, at, by, published }: DiscordMessage): object {
  const stored = files.map(({ name, size }, index) => ({
    id: fileId(index),
    filename: name,
    size,
    url: `https://cdn.discordapp.com/attachments/${CHANNEL_ID}/${fileId(index)}/${name}`,
    proxy_url: `https://media.discordapp.net/attachments/${CHANNEL_ID}/${fileId(index)}/${name}`,
  }));
  const fileOf = (embed: APIEmbed) => stored.find(({ filename }) => embed.image?.url === `attachment://${filename}`);
  const embeds = (payload.embeds ?? []) as APIEmbed[];
  const shown = embeds.map(fileOf);
  const author = by === 'webhook' ? WEBHOOK_ID : BOT_ID;
  return {
    id,
    // A reply is one of another type.
    type: payload.message_reference === undefined ? 0 : 19,
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
    embeds: embeds.map((embed, at) => ({
      type: 'rich',
      ...embed,
      ...(shown[at] && { image: { url: shown[at].url } }),
    })),
    attachments: stored.filter((file) => !shown.includes(file)),
    ...messageFields(at),
    // CROSSPOSTED. Source: Discord's reference, "Message Flags".
    flags: published ? 1 : 0,
  };
}

/** The id of a file of a message, by its place in it. */
export function fileId(index: number): string {
  return String(BigInt(CHANNEL_ID) + BigInt(index + 1000));
}
