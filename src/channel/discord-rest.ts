import type { REST, ResponseLike } from 'discord.js';
import type { Letter, MessageKind } from '../message/message.ts';
import type { Outcome } from './channel.ts';

/** What a refusal of the caller himself means, and what to do about it. */
export interface RefusalWords {
  /** HTTP 401: the token is not one. */
  readonly unauthorized: string;
  /** HTTP 403: the token may not do this. Absent: Discord's own words say it. */
  readonly forbidden?: string;
  /** HTTP 404: what the address names is not there. */
  readonly notFound: string;
}

/** How long Discord may take to answer, in milliseconds. Above undici's 10 s to connect, so that the two differ. */
export const ANSWER_TIMEOUT = 15_000;

/** Codes of a connection that was never made: surely nothing was sent. */
const NOT_CONNECTED = [
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
];

/** Only what is said of an event itself wakes anybody, and a drill: it must travel the whole path. */
const WAKES: readonly MessageKind[] = ['alert', 'correction', 'retraction', 'drill'];

/** Discord, or what stands in its place, sends the caller to another address. */
class RedirectError extends Error {
  override name = 'RedirectError';
}

/** An answer that is no message of Discord's. */
class TooBigError extends Error {
  override name = 'TooBigError';
}

/** The biggest answer that is read, in bytes: a hundred messages have under one million. */
const MAX_BYTES = 8_000_000;

/**
 * The client for one attempt: one request each, nothing repeated, nobody else called.
 * @param waits the longest wait at a rate limit that the client makes by itself, in milliseconds
 */
export async function connect(api: string, timeout: number, waits = 0): Promise<REST> {
  const { DefaultRestOptions, REST } = await import('discord.js');
  return new REST({
    api,
    version: '10',
    // Retries would be POSTs that the ledger does not know of; so would the client's own waiting at a rate limit.
    retries: 0,
    // The answer's own words are in one or the other, or in none.
    rejectOnRateLimit: ({ timeToReset, retryAfter }) => waits === 0 || !(Math.max(timeToReset, retryAfter) <= waits),
    timeout,
    makeRequest: async (url, init) => {
      const answer = await DefaultRestOptions.makeRequest(url, init);
      // The client does not follow it, which is right, but takes it for success.
      if (answer.status >= 300 && answer.status < 400) throw new RedirectError(`HTTP ${answer.status}`);
      return bounded(answer);
    },
  });
}

/** The same answer, whose body is read up to a size. */
async function bounded(answer: ResponseLike): Promise<ResponseLike> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of (answer.body ?? []) as AsyncIterable<Uint8Array>) {
    size += chunk.byteLength;
    if (size > MAX_BYTES) throw new TooBigError(`over ${MAX_BYTES / 1e6} MB`);
    chunks.push(chunk);
  }
  const { status, statusText, headers } = answer;
  // The status says that some answers have no body.
  const body = [204, 205, 304].includes(status) ? null : Buffer.concat(chunks);
  return new Response(body, { status, statusText, headers: [...headers] });
}

/** The role or user that this message may mention. */
export function mentionFor({ message }: Letter, mention: string | undefined): string | undefined {
  return WAKES.includes(message.kind) ? mention : undefined;
}

/** What a posted message came to, by the message that Discord answers with. */
export function sentWhere(answer: unknown): Outcome {
  const messageId = textOf(answer, 'id');
  const channelId = textOf(answer, 'channel_id');
  // The client takes any answer below 400 for success, a proxy's page too.
  if (messageId === undefined) return { state: 'unknown', reason: 'Discord answered without a message' };
  return { state: 'sent', receipt: { messageId, ...(channelId === undefined ? {} : { channelId }) } };
}

/** What an error of the client says about the message. */
export function outcomeOf(error: unknown, words: RefusalWords): Exclude<Outcome, { state: 'sent' }> {
  const { name, message, status, code, retryAfter } = error as Error & {
    status?: number;
    code?: string | number;
    retryAfter?: number;
  };
  const refused = (permanent: boolean, reason: string, wait?: number) =>
    ({ state: 'refused', permanent, reason, ...(wait === undefined ? {} : { retryAfter: wait }) }) as const;

  if (name.startsWith('RateLimitError')) {
    // Without a header, or with a date in it, the client says 0 or NaN.
    const wait = Math.max(1000, retryAfter || 0);
    return refused(false, `Discord asks to slow down (HTTP 429) for ${Math.ceil(wait / 1000)} s`, wait);
  }
  if (name === 'RedirectError')
    return refused(
      true,
      `Discord, or what DISCORD_API_URL names, redirects elsewhere (${message}); check DISCORD_API_URL`,
    );
  if (status === 429) return refused(false, 'Discord asks to slow down (HTTP 429)', 1000);
  if (status !== undefined && status >= 500) return refused(false, `Discord answered HTTP ${status}`, 1000);
  if (status === 401) return refused(true, `${words.unauthorized} (HTTP 401)`);
  if (status === 403 && words.forbidden !== undefined)
    return refused(true, `${words.forbidden} (HTTP 403): ${message}`);
  if (status === 404) return refused(true, `${words.notFound} (HTTP 404)`);
  if (status !== undefined) return refused(true, `Discord refused it (HTTP ${status}): ${message}`);
  if (typeof code === 'string' && NOT_CONNECTED.includes(code))
    return refused(false, `Discord cannot be reached (${code})`, 1000);
  if (typeof code === 'string' && /CERT|SELF_SIGNED|UNABLE_TO_VERIFY|^ERR_TLS|^ERR_SSL/.test(code))
    return refused(false, `no trusted connection to Discord (${code})`);
  if (name === 'SyntaxError' || name === 'RangeError' || name === 'TooBigError')
    return { state: 'unknown', reason: 'what answered is not Discord; check the network, and DISCORD_API_URL if set' };
  if (name === 'AbortError' || name === 'TimeoutError')
    return { state: 'unknown', reason: 'Discord did not answer in time' };
  return { state: 'unknown', reason: `the connection to Discord broke (${code ?? name})` };
}

/** A text field of an answer; undefined where it has none. */
export function textOf(answer: unknown, field: string): string | undefined {
  const value = typeof answer === 'object' && answer !== null ? (answer as Record<string, unknown>)[field] : undefined;
  return typeof value === 'string' ? value : undefined;
}
