import { readAll, SettingsError } from '../channel/settings-error.ts';
import type { Variables } from '../channel/variables.ts';
import { hostName } from './hosts.ts';

export interface DashboardSettings {
  readonly host: string;
  readonly port: number;
  /** Asked for by the page; undefined: it asks for none on loopback, and is closed elsewhere. */
  readonly token: string | undefined;
  /** The hosts of PUBLIC_URL: the names under which people and machines reach the page. */
  readonly publicHosts: readonly string[];
  /** Where links to the page lead: the first address of PUBLIC_URL, without path or final slash. Undefined: none is set. */
  readonly publicUrl: string | undefined;
}

const SHORTEST_TOKEN = 16;

/** How the page is reached, and by whom. @throws {SettingsError} */
export function readDashboard(env: Variables): DashboardSettings {
  const addresses = (env.PUBLIC_URL ?? '').split(/[\s,;]+/).filter((part) => part !== '');
  return readAll({
    host: () => env.DASHBOARD_HOST ?? '127.0.0.1',
    port: () => port('DASHBOARD_PORT', env.DASHBOARD_PORT ?? '8787'),
    token: () => token(env.DASHBOARD_TOKEN),
    publicHosts: () => [...new Set(addresses.map(publicHost))],
    publicUrl: () => URL.parse(addresses[0] ?? '')?.origin,
  });
}

/** The value is a secret. */
function token(value: string | undefined): string | undefined {
  // Bearer and Basic both carry these characters unchanged.
  if (value !== undefined && !/^[\x21-\x7e]+$/.test(value)) {
    throw new SettingsError(
      'DASHBOARD_TOKEN contains a space or a non-ASCII character; allowed: ASCII letters, digits and punctuation, such as from: openssl rand -hex 24',
    );
  }
  if (value !== undefined && value.length < SHORTEST_TOKEN) {
    throw new SettingsError(
      `DASHBOARD_TOKEN has ${value.length} characters; allowed: at least ${SHORTEST_TOKEN} random ones, such as from: openssl rand -hex 24`,
    );
  }
  return value;
}

/** The value is not shown: it may be a secret that stands in the wrong variable. */
function publicHost(text: string, at: number, { length }: readonly string[]): string {
  const url = URL.parse(text);
  const host = hostName(url?.hostname ?? '');
  if (url !== null && /^https?:$/.test(url.protocol) && !/[@?#]/.test(text) && host !== undefined) return host;
  throw new SettingsError(
    `PUBLIC_URL${length === 1 ? '' : `, number ${at + 1} of ${length},`} is not a web address of the page; allowed: ` +
      'https://bell.example.com or http://breakout-bell:8787, without a login, query or fragment; separate several with commas or spaces',
  );
}

function port(variable: string, text: string): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value <= 65_535) return value;
  throw new SettingsError(`${variable} is '${text}'; allowed: a port from 1 to 65535, or 0 for any free one`);
}
