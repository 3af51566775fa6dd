import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { recipientIn } from '../message/channel-kind.ts';
import type { Ledger } from '../store/ledger.ts';

// The link under a mail that marks it as seen. Whoever has it may do so, and nothing else: the signature is the authority.

/** The name of the key in the ledger: it goes with the ledger into copies and to other machines. */
const KEY = 'seen key';
const KEY_BYTES = 32;
/** Where the page takes such links, alone. */
export const SEEN_PATH = '/seen/';
/** No token is longer. The longest id of a message is far shorter. */
const LONGEST_TOKEN = 600;
/** Characters of base64url that stand for the recipient: 96 bits. */
const MARK = 16;

/** What a token says, once its signature is right. */
export interface SeenToken {
  readonly message: string;
  /** Stands for the channel, and does not show it. */
  readonly mark: string;
}

/** True for a channel under whose messages such a link is of use: one person reads it, who cannot be asked otherwise. */
export function takesSeenLink(channel: string): boolean {
  return recipientIn(channel) !== undefined;
}

/** The key that links are signed with, made where there is none yet. @param make random text */
export function seenKey(
  ledger: Pick<Ledger, 'keepFact'>,
  make: () => string = () => randomBytes(KEY_BYTES).toString('base64url'),
): Promise<string> {
  return ledger.keepFact(KEY, make());
}

/** The key, where one was made. */
export function knownSeenKey(ledger: Pick<Ledger, 'fact'>): Promise<string | undefined> {
  return ledger.fact(KEY);
}

/** The token of one message for one channel: the same each time. */
export function seenToken(key: string, message: string, channel: string): string {
  const mark = seenMark(key, message, channel);
  return `${Buffer.from(message).toString('base64url')}.${mark}.${signature(key, message, mark)}`;
}

/** What a token says; undefined where it is not one of ours, to the last character. Asks no database. */
export function readSeenToken(key: string, token: string): SeenToken | undefined {
  if (token.length > LONGEST_TOKEN) return undefined;
  const [, encoded = '', mark = '', signed = ''] = /^([\w-]+)\.([\w-]+)\.([\w-]+)$/.exec(token) ?? [];
  const message = Buffer.from(encoded, 'base64url').toString();
  if (mark.length !== MARK || Buffer.from(message).toString('base64url') !== encoded) return undefined;
  return isSame(signed, signature(key, message, mark)) ? { message, mark } : undefined;
}

/** The channel that a token is of, among those that its message went to. */
export function channelMarked(
  key: string,
  { message, mark }: SeenToken,
  channels: readonly string[],
): string | undefined {
  return channels.find((channel) => takesSeenLink(channel) && isSame(mark, seenMark(key, message, channel)));
}

function seenMark(key: string, message: string, channel: string): string {
  return hmac(key, 'channel', message, channel).slice(0, MARK);
}

function signature(key: string, message: string, mark: string): string {
  return hmac(key, 'seen', message, mark);
}

function hmac(key: string, ...parts: readonly string[]): string {
  // No part can hold the character between two.
  return createHmac('sha256', key).update(parts.join('\n')).digest('base64url');
}

/** Compares in a time that does not tell how much of it is right. Texts, not bytes: two texts can stand for the same bytes. */
function isSame(given: string, right: string): boolean {
  const [one, other] = [Buffer.from(given), Buffer.from(right)];
  return one.length === other.length && timingSafeEqual(one, other);
}
