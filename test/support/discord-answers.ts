import type { Answer } from './http.ts';

/** An error as Discord sends it: `discordError(403, 50013, 'Missing Permissions')`. */
export function discordError(status: number, code: number, message: string): Answer {
  return { status, body: JSON.stringify({ message, code }) };
}

/** What Discord answers when the webhook exists but the token is wrong. */
export const INVALID_TOKEN = discordError(401, 50027, 'Invalid Webhook Token');

/** A 429: wait so many seconds, on this route or (global) on all. */
export function rateLimited(seconds: number, global = false): Answer {
  return {
    status: 429,
    headers: {
      'retry-after': String(seconds),
      'x-ratelimit-scope': global ? 'global' : 'user',
      ...(global && { 'x-ratelimit-global': 'true' }),
    },
    body: JSON.stringify({ message: 'You are being rate limited.', retry_after: seconds, global }),
  };
}

/** A good answer: this value as JSON. */
export function json(value: unknown): Answer {
  return { body: JSON.stringify(value) };
}
