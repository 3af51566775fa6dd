import type { REST, ResponseLike } from 'discord.js';
import type { MayWrite } from '../channel.ts';
import { judged } from './answer.ts';
import { NotSentError } from './errors.ts';
import { follow, mayBeTaken, type Progress, whereAllowed } from './written.ts';

/** How long Discord may take to answer, in milliseconds. Above undici's 10 s to connect, so that the two differ. */
export const ANSWER_TIMEOUT = 15_000;

const ALWAYS: MayWrite = async () => {};

/**
 * The client for one attempt: one request each, nothing repeated, nobody else called.
 * @param waits the longest wait at a rate limit that the client makes by itself, in milliseconds
 * @param mayWrite asked before a body is written
 */
export async function connect(api: string, timeout: number, waits = 0, mayWrite: MayWrite = ALWAYS): Promise<REST> {
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
      const allowed = await whereAllowed(init, mayWrite);
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
  if (refusal !== undefined) return `the proxy answered HTTP ${refusal}`;
  if (typeof code === 'string') return code;
  if (errors?.[0] !== undefined) return codeOf(errors[0]);
  if (typeof cause === 'object' && cause !== null) return codeOf(cause);
  return name === 'AbortError' || name === 'TimeoutError' ? 'not sent in time' : (name ?? 'unknown error');
}
