import type { REST, ResponseLike } from 'discord.js';
import type { MessageKind, Outgoing } from '../../message/message.ts';
import type { AttemptResult, MayWrite } from '../channel.ts';
import { DISCORD_CODES } from './codes.ts';
import { follow, mayBeTaken, type Progress, whereAllowed } from './written.ts';

/** Who calls: what is wrong is another thing for a bot than for a webhook. */
export type Caller = 'bot' | 'webhook';

/** How long Discord may take to answer, in milliseconds. Above undici's 10 s to connect, so that the two differ. */
export const ANSWER_TIMEOUT = 15_000;

/** Only what is said of an event itself wakes anybody, and a drill: it must travel the whole path. */
const WAKES: readonly MessageKind[] = ['alert', 'correction', 'retraction', 'drill'];

/** What answered is not Discord: a captive portal, a proxy, a wrong address. So Discord has not taken the message. */
class NotDiscordError extends Error {
  override name = 'NotDiscordError';
  readonly status: number;
  constructor(status: number, what: string) {
    super(what);
    this.status = status;
  }
}

/** The request was not written whole: nobody can have taken it. */
class NotSentError extends Error {
  override name = 'NotSentError';
  /** What kept it, as Node or the client names it. */
  readonly code: string;
  constructor(code: string) {
    super(code);
    this.code = code;
  }
}

/** An answer that says yes and cannot be read to its end. */
class UnreadableError extends Error {
  override name = 'UnreadableError';
}

/** The biggest answer that is read, in bytes: a hundred messages have under one million. */
const MAX_BYTES = 8_000_000;

/**
 * The client for one attempt: one request each, nothing repeated, nobody else called.
 * @param waits the longest wait at a rate limit that the client makes by itself, in milliseconds
 * @param mayWrite asked before a body is written
 */
export async function connect(api: string, timeout: number, waits = 0, mayWrite?: MayWrite): Promise<REST> {
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
      const allowed = mayWrite === undefined ? init : await whereAllowed(init, mayWrite);
      return judged(await written(() => DefaultRestOptions.makeRequest(url, allowed), init.signal));
    },
  });
}

/**
 * Makes a request.
 * @throws {NotSentError} where it fails before it was written whole
 */
async function written(request: () => Promise<ResponseLike>, signal?: AbortSignal | null): Promise<ResponseLike> {
  const progress: Progress = { made: false, written: false };
  const answer = follow(request, progress);
  // The client hears of the signal only once it is connected, and then sends nothing: nobody has to wait for it.
  const ended = new Promise<never>((_, reject) => {
    const end = () => reject(Object.assign(new Error('no answer in time'), { name: 'AbortError' }));
    if (signal?.aborted) end();
    else signal?.addEventListener('abort', end, { once: true });
  });
  try {
    return await Promise.race([answer, ended]);
  } catch (error) {
    answer.catch(() => undefined);
    throw mayBeTaken(progress) ? error : new NotSentError(codeOf(error));
  }
}

/** What kept a connection from being made: of several addresses that were tried, what the first one said. */
function codeOf(error: unknown): string {
  const { code, errors, name, cause } = error as {
    code?: unknown;
    errors?: readonly unknown[];
    name?: string;
    cause?: unknown;
  };
  const refusal = (error as Partial<Error>).message?.match(/^Proxy response \((\d+)\)/)?.[1];
  if (refusal !== undefined) return `the proxy answers HTTP ${refusal}`;
  if (typeof code === 'string') return code;
  if (errors?.[0] !== undefined) return codeOf(errors[0]);
  if (typeof cause === 'object' && cause !== null) return codeOf(cause);
  return name === 'AbortError' || name === 'TimeoutError' ? 'not sent in time' : (name ?? 'unknown error');
}

/**
 * The answer, where it is Discord's: JSON, with a message and a code where it refuses; but for status 429 and 5xx, which
 * Cloudflare answers in Discord's name with pages of its own.
 * @throws {NotDiscordError} for what is not Discord's
 * @throws {UnreadableError} for a success that broke off
 */
async function judged(answer: ResponseLike): Promise<ResponseLike> {
  const { status, statusText, headers } = answer;
  const { bytes, whole } = await bodyOf(answer);
  const text = new TextDecoder().decode(bytes);
  const json = jsonOf(text);
  const respond = (type: string) =>
    new Response([204, 205, 304].includes(status) ? null : new Uint8Array(bytes), {
      status,
      statusText,
      headers: [...[...headers].filter(([name]) => name.toLowerCase() !== 'content-type'), ['content-type', type]],
    });
  if (status === 511) throw new NotDiscordError(status, 'the network asks for a login');
  if (status === 429 || status >= 500) return respond(json === undefined ? 'text/plain' : 'application/json');
  // The client does not follow it, which is right, but takes it for success.
  if (status >= 300 && status < 400) throw new NotDiscordError(status, 'it redirects elsewhere');
  if (status >= 400) {
    if (isRefusal(json)) return respond('application/json');
    const what = status === 407 ? 'a proxy asks for a login' : text.trim() === '' ? 'without a word' : 'a page';
    throw new NotDiscordError(status, what);
  }
  if (typeof json === 'object' && json !== null) return respond('application/json');
  const page = /^text\/html\b/i.test(headers.get('content-type') ?? '') || /^\s*[^\s{[]/.test(text);
  if (page) throw new NotDiscordError(status, 'a page');
  if (!whole || text.trim() !== '') throw new UnreadableError(`HTTP ${status}`);
  return respond('text/plain');
}

/** True for the way in which Discord refuses: a message with a code, or the faults of single fields, each a list. */
function isRefusal(json: unknown): boolean {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) return false;
  const fields = Object.values(json);
  return textOf(json, 'message') !== undefined || (fields.length > 0 && fields.every(Array.isArray));
}

/** What came of the body, up to a size. */
async function bodyOf(answer: ResponseLike): Promise<{ bytes: Buffer; whole: boolean }> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of (answer.body ?? []) as AsyncIterable<Uint8Array>) {
      size += chunk.byteLength;
      chunks.push(chunk);
      if (size > MAX_BYTES) return { bytes: Buffer.concat(chunks), whole: false };
    }
  } catch {
    // A refusal is one, however little of it came; of a success the caller decides.
    return { bytes: Buffer.concat(chunks), whole: false };
  }
  return { bytes: Buffer.concat(chunks), whole: true };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The role or user that this message may mention. */
export function mentionFor({ message }: Outgoing, mention: string | undefined): string | undefined {
  return WAKES.includes(message.kind) ? mention : undefined;
}

/** What a posted message came to, by the message that Discord answers with. */
export function sentWhere(answer: unknown): AttemptResult {
  const messageId = textOf(answer, 'id');
  const channelId = textOf(answer, 'channel_id');
  if (messageId !== undefined && channelId !== undefined && /^\d+$/.test(messageId))
    return { state: 'sent', receipt: { messageId, channelId } };
  // An empty success may be one that somebody on the way has emptied.
  if (answer instanceof ArrayBuffer) return { state: 'unknown', reason: 'Discord answered without a message' };
  return notDiscord('an answer of another service');
}

function notDiscord(what: string): Exclude<AttemptResult, { state: 'sent' }> {
  return {
    state: 'refused',
    permanent: false,
    reason: `what answered is not Discord (${what}), so it was not sent; check the network, its proxy, and DISCORD_API_URL if set`,
  };
}

/** Statuses of refusals that may be about the pictures; what Discord's code says of it comes first. */
const PERHAPS_PICTURES = [400, 403, 413, 415, 422];

/** What an error of the client says about the message. */
export function outcomeOf(error: unknown, caller: Caller): Exclude<AttemptResult, { state: 'sent' }> {
  const { name, message, status, code, retryAfter } = error as Error & {
    status?: number;
    code?: string | number;
    retryAfter?: number;
  };
  const refused = (permanent: boolean, reason: string, wait?: number) => ({
    state: 'refused' as const,
    permanent,
    reason,
    ...(wait === undefined ? {} : { retryAfter: wait }),
  });

  if (name.startsWith('RateLimitError')) {
    // Without a header, or with a date in it, the client says 0 or NaN.
    const wait = Math.max(1000, retryAfter || 0);
    return refused(false, `Discord asks to slow down (HTTP 429) for ${Math.ceil(wait / 1000)} s`, wait);
  }
  if (error instanceof NotDiscordError) {
    const result = notDiscord(`HTTP ${error.status}: ${message}`);
    return { ...result, ...(PERHAPS_PICTURES.includes(error.status) && { perhapsPictures: true }) };
  }
  if (error instanceof NotSentError) return notSent(error.code);
  if (status === 429) return refused(false, 'Discord asks to slow down (HTTP 429)', 1000);
  // The gateway before Discord waited in vain for what it had handed over.
  if (status === 504 || status === 524)
    return { state: 'unknown', reason: `Discord did not answer its gateway in time (HTTP ${status})` };
  if (status !== undefined && status >= 500)
    return { ...refused(false, `Discord answered HTTP ${status}`, 1000), perhapsPictures: true };
  if (status !== undefined) {
    const known = typeof code === 'number' ? DISCORD_CODES[code] : undefined;
    const pictures = known?.notThePictures !== true && PERHAPS_PICTURES.includes(status);
    const reason = `${sentenceOf(code, status, caller)} (HTTP ${status}): ${message}${code ? `, code ${code}` : ''}`;
    return { ...refused(known?.passes !== true, reason), ...(pictures && { perhapsPictures: true }) };
  }
  if (error instanceof UnreadableError)
    return { state: 'unknown', reason: `the answer of Discord broke off (${message})` };
  if (name === 'AbortError' || name === 'TimeoutError')
    return { state: 'unknown', reason: 'Discord did not answer in time' };
  return { state: 'unknown', reason: `the connection to Discord broke (${code ?? name})` };
}

/** What Discord's own code says, or else the status. */
function sentenceOf(code: unknown, status: number, caller: Caller): string {
  const byStatus: Readonly<Record<number, number>> = { 401: 40001, 403: 50013, 404: caller === 'bot' ? 10003 : 10015 };
  const known = (typeof code === 'number' && DISCORD_CODES[code]) || DISCORD_CODES[byStatus[status] ?? -1];
  if (known === undefined) return 'Discord refused it';
  return typeof known.says === 'string' ? known.says : known.says[caller];
}

function notSent(code: string): Exclude<AttemptResult, { state: 'sent' }> {
  const untrusted = /CERT|SELF_SIGNED|UNABLE_TO_|^ERR_TLS|^ERR_SSL|^EPROTO/.test(code);
  const reason = untrusted ? `no trusted connection to Discord (${code})` : `Discord cannot be reached (${code})`;
  // What ended fast may be over in a second; what took its time has had it.
  const quick = /^(ECONNREFUSED|ECONNRESET|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH)$/.test(code);
  return { state: 'refused', permanent: false, reason, ...(quick && { retryAfter: 1000 }) };
}

/** A text field of an answer; undefined where it has none. */
export function textOf(answer: unknown, field: string): string | undefined {
  const value = typeof answer === 'object' && answer !== null ? (answer as Record<string, unknown>)[field] : undefined;
  return typeof value === 'string' ? value : undefined;
}
