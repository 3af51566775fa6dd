import type { App } from '../app/app.ts';
import { withoutAddresses } from '../channel/without-addresses.ts';

const TIMEOUT_MS = 10_000;
/** A hiccup of the network is no trouble: what may pass is tried again, so long after the failures before. */
const AGAIN_AFTER_MS = [2_000, 10_000];
/** What is read of an answer, in bytes: an acknowledgement is a word or a line of JSON. */
const MAX_BYTES = 4096;
/** No acknowledgement is longer, in characters. */
const LONGEST_ANSWER = 500;
/** healthchecks takes 100 kB; what is in an address must be shorter. */
const LONGEST_BODY = 10_000;
const LONGEST_QUERY = 200;

type Signal = 'start' | 'ok' | 'fail';

/**
 * Calls a heartbeat service: healthchecks' way by default (the address as it is when all is well, `/start` or `/fail`
 * appended otherwise), and as Uptime Kuma, Cronitor and Dead Man's Snitch want it. A success is an answer that a heartbeat
 * service gives: a page, or a refusal with status 200, is none.
 * @param reason sent as the body, or in the query
 * @param patience without it there is one attempt
 * @returns why it did not work, without the address, which is a secret; null when it did
 */
export async function heartbeat(
  url: string,
  signal: Signal,
  reason = '',
  patience?: Pick<App, 'sleep' | 'stopping'>,
): Promise<string | null> {
  const call = callOf(new URL(url), signal, withoutAddresses(reason, []));
  if (call === undefined) return null;
  for (let attempt = 0; ; attempt++) {
    const { failure, passing } = await ask(call, signal);
    const wait = AGAIN_AFTER_MS[attempt];
    if (failure === null || !passing || patience === undefined || wait === undefined) return failure;
    await patience.sleep(wait);
    if (patience.stopping.aborted) return failure;
  }
}

/** True where the service has no such word: it notices the silence instead. */
export function knowsNoSuchWord(failure: string | null): boolean {
  return failure?.startsWith('HEARTBEAT_URL knows no ') ?? false;
}

/**
 * Tries the address for a person, claiming as little as the service lets one.
 * @returns what was sent and answered
 * @throws {HeartbeatError} saying what to do
 */
export async function testHeartbeat(url: string): Promise<string> {
  const address = new URL(url);
  if (callOf(address, 'start', '') !== undefined) {
    const failure = await heartbeat(url, 'start');
    if (failure === null) return 'answers as a heartbeat service does; /start was sent, which claims nothing';
    if (!knowsNoSuchWord(failure)) throw new HeartbeatError(failure);
  }
  const failure = await heartbeat(url, 'ok');
  if (failure !== null) throw new HeartbeatError(failure);
  return 'answers as a heartbeat service does; one ping was sent, as it takes nothing that claims less';
}

/** The address does not work as a heartbeat. */
class HeartbeatError extends Error {
  override name = 'HeartbeatError';
}

interface Call {
  readonly address: URL;
  readonly body: string;
}

/** How a service takes a signal; undefined where it has none of the kind. */
function callOf(url: URL, signal: Signal, reason: string): Call | undefined {
  const address = new URL(url);
  const query = (parameters: Readonly<Record<string, string>>) => {
    for (const [name, value] of Object.entries(parameters)) address.searchParams.set(name, value);
    return { address, body: '' };
  };
  const short = reason.replace(/\s+/g, ' ').slice(0, LONGEST_QUERY);
  // Uptime Kuma: a push monitor is up or down, and takes its words from the query only.
  if (/\/api\/push\/[^/]+\/?$/.test(url.pathname)) {
    if (signal === 'start') return undefined;
    return query(signal === 'ok' ? { status: 'up', msg: 'OK' } : { status: 'down', msg: short || 'fail' });
  }
  // https://cronitor.io/docs/telemetry-api
  if (url.hostname === 'cronitor.link') {
    const state = { start: 'run', ok: 'complete', fail: 'fail' }[signal];
    return query({ state, ...(short === '' ? {} : { message: short }) });
  }
  // https://deadmanssnitch.com/docs: a status other than 0 is an error, and the message is kept.
  if (url.hostname === 'nosnch.in') {
    if (signal === 'start') return undefined;
    return signal === 'ok' ? { address, body: '' } : query({ s: '1', m: short });
  }
  if (signal !== 'ok') address.pathname = `${address.pathname.replace(/\/$/, '')}/${signal}`;
  return { address, body: reason.slice(0, LONGEST_BODY) };
}

interface Answered {
  readonly failure: string | null;
  /** True where the same call may work in a moment. */
  readonly passing: boolean;
}

async function ask({ address, body }: Call, signal: Signal): Promise<Answered> {
  try {
    let answer = await request(address, body);
    // A service that takes GET only.
    if (body !== '' && (answer.status === 405 || answer.status === 501)) answer = await request(address, '');
    const { status, text } = answer;
    if (signal !== 'ok' && [404, 405, 501].includes(status)) {
      const rest = 'the service notices the silence instead';
      return { failure: `HEARTBEAT_URL knows no /${signal} (HTTP ${status}); ${rest}`, passing: false };
    }
    if (status >= 300 && status < 400) {
      const cure = 'set it to the address that answers itself, which often differs by https:// only';
      return { failure: `HEARTBEAT_URL answers HTTP ${status} and leads elsewhere; ${cure}`, passing: false };
    }
    if (status < 200 || status >= 300) {
      const passing = status >= 500 || [408, 425, 429].includes(status);
      return { failure: `HEARTBEAT_URL answers HTTP ${status}`, passing };
    }
    const refusal = refusalIn(text);
    const cure = 'copy the address from the service again';
    return refusal === null
      ? { failure: null, passing: false }
      : { failure: `HEARTBEAT_URL answers ${refusal}; ${cure}`, passing: /rate|too many/i.test(refusal) };
  } catch (error) {
    const { name, cause } = error as Error & { cause?: NodeJS.ErrnoException };
    return { failure: `HEARTBEAT_URL cannot be reached (${cause?.code ?? name})`, passing: true };
  }
}

async function request(address: URL, body: string): Promise<{ readonly status: number; readonly text: string }> {
  const answer = await fetch(address, {
    method: body === '' ? 'GET' : 'POST',
    ...(body === '' ? {} : { body }),
    signal: AbortSignal.timeout(TIMEOUT_MS),
    // The address is a secret; nobody else is to be called with what was meant for it.
    redirect: 'manual',
  });
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of answer.body ?? []) {
    chunks.push(chunk);
    size += chunk.byteLength;
    // Leaving the loop closes the connection.
    if (size > MAX_BYTES) break;
  }
  return { status: answer.status, text: Buffer.concat(chunks).toString('utf8').trim() };
}

/** Services, and what stands before them, refuse with status 200 in these words. */
const REFUSED =
  /\b(not[ -_]?found|no such|unknown|does ?n[o']t exist|invalid|unauthori[sz]ed|forbidden|denied|rate[ -_]?limit\w*|too many|expired|disabled|inactive|not active|suspended|blocked|log ?in|sign ?in|errors?|failed|failure)\b/i;

/** What an answer with a good status says instead of an acknowledgement; null for one that is. */
function refusalIn(text: string): string | null {
  if (/^\s*<|<(!doctype|html|head|body|script|form)\b/i.test(text))
    return 'with a web page, as no heartbeat service does';
  if (text.length > LONGEST_ANSWER) return 'with a long text, as no heartbeat service does';
  const words = /^[{[]/.test(text) ? wordsOf(text) : text;
  if (words === null || !REFUSED.test(words)) return null;
  return `'${text.replace(/[\p{Cc}\s]+/gu, ' ').slice(0, 100)}'`;
}

/** What a JSON answer says of success: null where it says so plainly, else its words. */
function wordsOf(text: string): string | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return text;
  }
  const { ok, success, error, errors, status, code, statusCode, ...rest } = (value ?? {}) as Record<string, unknown>;
  const said = [ok, success].filter((word) => word !== undefined && word !== null);
  if (said.some((word) => word === false || word === 'false' || word === 0)) return 'error';
  if ([error, errors].some((word) => (Array.isArray(word) ? word.length > 0 : Boolean(word)))) return 'error';
  if ([status, code, statusCode].some((number) => Number(number) >= 400)) return 'error';
  if (said.length > 0) return null;
  const { message, msg, detail, title, result } = rest;
  return [status, message, msg, detail, title, result]
    .filter((word) => typeof word === 'string')
    .map((word) => (/^(fail|down)$/i.test(word) ? 'failure' : word))
    .join(' ');
}
