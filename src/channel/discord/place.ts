import { instant } from '../../message/format.ts';
import { DISCORD_CODES } from './codes.ts';

/** A channel or thread as Discord tells it, as far as it is read here. */
export interface Place {
  readonly type?: number;
  readonly guild_id?: string;
  /** Of a thread: the channel that it is in. Of a channel: its category. */
  readonly parent_id?: string | null;
  readonly permission_overwrites?: readonly Overwrite[];
  readonly thread_metadata?: { readonly archived?: boolean; readonly locked?: boolean };
  /** There where the bot has joined the thread. */
  readonly member?: object;
}

interface Overwrite {
  readonly id: string;
  readonly type: number;
  readonly allow: string;
  readonly deny: string;
}

interface Role {
  readonly id: string;
  readonly permissions: string;
}

interface Member {
  readonly roles: readonly string[];
  /** Until when it may not write, ISO instant. */
  readonly communication_disabled_until?: string | null;
}

// Source: Discord's reference, "Channel Types". Voice and stage channels have a chat.
const CATEGORY = 4;
const ANNOUNCEMENTS = 5;
const DIRECTORY = 14;
const FORUMS: readonly unknown[] = [15, 16];
const PRIVATE_THREAD = 12;
const THREADS: readonly unknown[] = [10, 11, PRIVATE_THREAD];

const SEND_MESSAGES = ['Send Messages', 1n << 11n] as const;
const SEND_IN_THREADS = ['Send Messages in Threads', 1n << 38n] as const;
const MANAGE_THREADS = 1n << 34n;
const ADMINISTRATOR = 1n << 3n;
const FOR_ROLE = 0;

/**
 * What the bot needs where it posts, by Discord's names, and the bit of each. In a thread Send Messages counts for
 * nothing. Source: Discord's reference, "Permissions".
 */
function needed(inThread: boolean): readonly (readonly [name: string, bit: bigint])[] {
  return [
    ['View Channel', 1n << 10n],
    inThread ? SEND_IN_THREADS : SEND_MESSAGES,
    ['Embed Links', 1n << 14n],
    ['Attach Files', 1n << 15n],
    ['Read Message History', 1n << 16n],
  ];
}

/** True for a forum and for a media channel: they hold posts, and a message belongs into one of those. */
export function isForum({ type }: Place): boolean {
  return FORUMS.includes(type);
}

/** True for a channel whose messages others can follow, once each is published. */
export function isAnnouncements({ type }: Place): boolean {
  return type === ANNOUNCEMENTS;
}

/** True for a thread, a post of a forum too. */
export function isThread({ type }: Place): boolean {
  return THREADS.includes(type);
}

/** Why a place takes no messages from anybody; undefined where it does. */
export function whyNoMessages(place: Place): string | undefined {
  if (isForum(place)) return saysOf(40058);
  if (place.type === CATEGORY) return `DISCORD_CHANNEL_ID is a category: ${saysOf(50024)}`;
  if (place.type === DIRECTORY) return `DISCORD_CHANNEL_ID is a list of servers: ${saysOf(50024)}`;
  return undefined;
}

/**
 * Why the bot cannot post there, as its refusal would say it; undefined where it can, and where Discord does not tell: a
 * test message does. A thread has no permissions of its own: those of the channel that it is in count, not of that
 * one's category. An archived thread opens again with the next message, unless it is locked.
 * Source: Discord's reference, "Permission Hierarchy", "Threads", "Guild Member Object".
 * @param get asks Discord
 * @param place its answer about the channel
 * @param now epoch milliseconds
 */
export async function whyNoPosts(
  get: (route: string) => Promise<unknown>,
  place: Place,
  token: string,
  now: number,
): Promise<string | undefined> {
  const { guild_id: guild } = place;
  const self = botIdOf(token);
  if (guild === undefined || self === undefined) return lockedOut(place, undefined);
  const ask = (route: string) => get(route).catch(() => undefined);
  const member = (await ask(`/guilds/${guild}/members/${self}`)) as Member | undefined;
  const until = Date.parse(member?.communication_disabled_until ?? '');
  const held = member && (await heldPermissions(ask, place, guild, self, member));
  if (until > now && (held === undefined || (held & ADMINISTRATOR) === 0n)) {
    return `the bot is timed out in its server until ${instant(until)}; remove the time-out in the list of members`;
  }
  const missing =
    held === undefined ? [] : needed(isThread(place)).flatMap(([name, bit]) => ((held & bit) === 0n ? [name] : []));
  if (missing.length > 0) {
    return `the bot lacks ${missing.join(', ')} in its channel; grant this in the channel's settings`;
  }
  return lockedOut(place, held);
}

function lockedOut(place: Place, held: bigint | undefined): string | undefined {
  if (!isThread(place) || (held !== undefined && (held & MANAGE_THREADS) !== 0n)) return undefined;
  if (place.thread_metadata?.locked) return saysOf(160005);
  // Where Discord does not tell what the bot may, what it has told of the thread shows that the bot sees it.
  return place.type === PRIVATE_THREAD && held !== undefined && place.member === undefined
    ? 'the bot is not in this private thread; add it there, or give it Manage Threads'
    : undefined;
}

/** What the bot may do there, as bits; undefined where Discord does not tell all that it takes. */
async function heldPermissions(
  ask: (route: string) => Promise<unknown>,
  place: Place,
  guild: string,
  self: string,
  { roles: own }: Member,
): Promise<bigint | undefined> {
  const roles = (await ask(`/guilds/${guild}/roles`)) as readonly Role[] | undefined;
  const channel = isThread(place) ? ((await ask(`/channels/${place.parent_id}`)) as Place | undefined) : place;
  if (roles === undefined || channel === undefined) return undefined;
  try {
    return [guild, ...own].every((id) => roles.some((role) => role.id === id))
      ? permissionsOf(guild, self, own, roles, channel.permission_overwrites ?? [])
      : undefined;
  } catch {
    return undefined;
  }
}

function permissionsOf(
  guild: string,
  self: string,
  own: readonly string[],
  roles: readonly Role[],
  overwrites: readonly Overwrite[],
): bigint {
  // The role of everybody has the id of the server.
  const mine = roles.filter(({ id }) => id === guild || own.includes(id));
  const base = mine.reduce((held, { permissions }) => held | BigInt(permissions), 0n);
  if ((base & ADMINISTRATOR) !== 0n) return ~0n;
  const steps = [
    overwrites.filter(({ id }) => id === guild),
    overwrites.filter(({ id, type }) => type === FOR_ROLE && own.includes(id)),
    overwrites.filter(({ id }) => id === self),
  ];
  return steps.reduce((held, step) => {
    const deny = step.reduce((bits, one) => bits | BigInt(one.deny), 0n);
    const allow = step.reduce((bits, one) => bits | BigInt(one.allow), 0n);
    return (held & ~deny) | allow;
  }, base);
}

function saysOf(code: number): string {
  const says = DISCORD_CODES[code]?.says ?? '';
  return typeof says === 'string' ? says : says.bot;
}

/** A token begins with the base64 of the bot's id. */
export function botIdOf(token: string): string | undefined {
  const id = Buffer.from(token.split('.')[0] ?? '', 'base64').toString('latin1');
  return /^\d{15,}$/.test(id) ? id : undefined;
}
