import type { AttemptResult } from '../channel.ts';
import { type Answer, LATE, type Silence } from './ask.ts';

type Failure = Exclude<AttemptResult, { state: 'sent' }>;

/** The message itself is at fault: the same one is refused again. */
const PERMANENT = [400, 410, 413, 414, 415, 422];
const PERHAPS_PICTURES = [400, 403, 413, 415, 422];
/** A gateway has handed the request on, and does not know what became of it. Those above 511 are Cloudflare's. */
const GATEWAYS = [502, 504, 520, 521, 522, 523, 524];
const LONGEST_QUOTE = 120;

/** What no answer says about a message. @param service how a person calls it, with the variable: "ntfy (NTFY_URL)" */
export function unanswered({ taken, code }: Silence, service: string): Failure {
  if (taken) {
    const reason = code === LATE ? `${service} did not answer in time` : `the connection to ${service} broke (${code})`;
    return { state: 'unknown', reason };
  }
  return { state: 'refused', permanent: false, busy: true, reason: `${service} cannot be reached: ${code}` };
}

/**
 * What an answer that is no success says about a message, by its HTTP status.
 * Source: RFC 9110, section 15; a `Retry-After` is seconds or a date (section 10.2.3).
 * @param quote what the service says of it, in its own words, without a secret
 * @param now epoch milliseconds
 */
export function refusal({ status, headers }: Answer, service: string, quote: string, now: number): Failure {
  const words = quote.replace(/\s+/g, ' ').trim().slice(0, LONGEST_QUOTE);
  const reason = `${service} answers HTTP ${status}${words === '' ? '' : `: ${words}`}`;
  if (GATEWAYS.includes(status)) return { state: 'unknown', reason };
  if (status >= 300 && status < 400)
    return { state: 'refused', permanent: false, reason: `${reason}; it redirects elsewhere, which is not followed` };
  const retryAfter = waitOf(headers.get('retry-after'), now);
  return {
    state: 'refused',
    permanent: PERMANENT.includes(status),
    reason,
    ...(retryAfter === undefined ? {} : { retryAfter }),
    ...([408, 425, 503].includes(status) && retryAfter === undefined ? { busy: true as const } : {}),
    ...(status === 429 && retryAfter === undefined ? { retryAfter: 1000 } : {}),
    ...(PERHAPS_PICTURES.includes(status) ? { perhapsPictures: true } : {}),
  };
}

/** True for a page for people: a portal, a login, a proxy. What answers so is not the service. */
export function isPage({ headers, text }: Answer): boolean {
  return /^text\/html\b/i.test(headers.get('content-type') ?? '') && /^\s*</.test(text);
}

/** A wait in milliseconds, at least a second; undefined where there is none. */
function waitOf(header: string | null, now: number): number | undefined {
  if (header === null) return undefined;
  const seconds = /^\d+$/.test(header) ? Number(header) * 1000 : Date.parse(header) - now;
  return Number.isFinite(seconds) ? Math.max(1000, seconds) : undefined;
}
