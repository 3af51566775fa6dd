import { createHash, timingSafeEqual } from 'node:crypto';
import { plural } from '../message/format.ts';
import { hostsServed, isLoopback } from './hosts.ts';
import type { Settings } from './settings.ts';

type Page = Settings['dashboard'];

/** Who may read the page: whoever reaches it, whoever knows the token, or nobody before there is one. */
export type Access = 'open' | 'token' | 'closed';

/** Only a page that listens on this machine alone may do without a token. */
export function accessOf({ host, token }: Pick<Page, 'host' | 'token'>): Access {
  if (token !== undefined) return 'token';
  return isLoopback(host) ? 'open' : 'closed';
}

/** What to do about a closed page. */
export const CLOSED = 'set DASHBOARD_TOKEN, at least 16 random characters (openssl rand -hex 24), and restart';

/** Who may read the page, as a line for the person who runs it. */
export function accessLine(page: Page): string {
  const served = [...hostsServed(page)].filter((host) => !isLoopback(host));
  const names = served.length > 3 ? plural(served.length, 'other name') : served.join(', ');
  const where = `${page.host}:${page.port}, answers to localhost${served.length === 0 ? '' : ` or ${names}`}`;
  const access = accessOf(page);
  if (access === 'token') return `${where}; it asks for DASHBOARD_TOKEN`;
  if (access === 'closed') {
    return `closed: other machines can reach ${page.host}, and no token is set; ${CLOSED}. Until then /healthz still answers, and monitoring goes on`;
  }
  return `${where}; ${served.length > 0 ? 'anyone who can reach it can read it, as DASHBOARD_TOKEN is not set' : 'only this machine can reach it'}`;
}

/**
 * The token that a request brings: `Authorization: Bearer TOKEN`, or Basic with the token as password, as browsers do it.
 * Undefined where it brings none, or one that cannot be read.
 */
export function tokenIn(authorization: string | undefined): string | undefined {
  const [, scheme = '', value = ''] = /^(bearer|basic) +(\S+) *$/i.exec(authorization ?? '') ?? [];
  if (scheme === '') return undefined;
  if (scheme.toLowerCase() === 'bearer') return value;
  const login = Buffer.from(value, 'base64').toString('utf8');
  // A user's name holds no colon; a password may.
  return login.includes(':') ? login.slice(login.indexOf(':') + 1) : undefined;
}

/** Compares in a time that tells nothing of how much is right, nor of how long the right one is. */
export function isSameToken(given: string, right: string): boolean {
  const [one, other] = [given, right].map((text) => createHash('sha256').update(text).digest());
  return one !== undefined && other !== undefined && timingSafeEqual(one, other);
}
