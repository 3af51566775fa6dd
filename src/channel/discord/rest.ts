import type { REST } from 'discord.js';
import type { MayWrite } from '../channel.ts';
import { attempt } from '../http/attempt.ts';
import { whereAllowed } from '../http/written.ts';
import { judged } from './answer.ts';

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
      return judged(await attempt(() => DefaultRestOptions.makeRequest(url, allowed), init.signal));
    },
  });
}
