import type { Host } from '../app/app.ts';
import { withoutAddresses } from '../channel/without-addresses.ts';
import { readBody } from '../market/bounded-body.ts';
import { refusalIn } from './heartbeat-answer.ts';
import { type Call, callOf, type Signal } from './heartbeat-call.ts';

const TIMEOUT_MS = 10_000;
/** A hiccup of the network is no trouble: what may pass is tried again, so long after the failures before. */
const AGAIN_AFTER_MS = [2_000, 10_000];
/** What is read of an answer, in bytes: an acknowledgement is a word or a line of JSON. */
const MAX_BYTES = 4096;

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
  patience?: Pick<Host, 'sleep' | 'stopping'>,
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
    if (failure === null) return 'answers like a heartbeat service (tested with /start, which claims nothing)';
    if (!knowsNoSuchWord(failure)) throw new HeartbeatError(failure);
  }
  const failure = await heartbeat(url, 'ok');
  if (failure !== null) throw new HeartbeatError(failure);
  return 'answers like a heartbeat service (tested with a ping, as it takes no /start)';
}

/** The address does not work as a heartbeat. */
class HeartbeatError extends Error {
  override name = 'HeartbeatError';
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
      const cure = 'set it to the final address, which often differs only by https://';
      return { failure: `HEARTBEAT_URL answers HTTP ${status}, a redirect; ${cure}`, passing: false };
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
  const { bytes } = await readBody(answer.body, MAX_BYTES);
  return { status: answer.status, text: bytes.toString('utf8').trim() };
}
