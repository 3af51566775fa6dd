import { resolve } from 'node:path';
import { SettingsError } from '../channel/settings-error.ts';
import { type Variables, webUrl, withoutSlash } from '../channel/variables.ts';
import { oneOf } from './one-of.ts';

export type SourceSettings =
  | {
      readonly name: 'yahoo';
      readonly url: string;
      /** What the program calls itself; undefined: the library's own name. */
      readonly userAgent: string | undefined;
    }
  | { readonly name: 'csv'; readonly folder: string }
  | { readonly name: 'demo' };

export interface WitnessSettings {
  readonly name: 'cboe';
  /** Scheme and host, without a final slash. */
  readonly url: string;
}

/** Where closes come from. @throws {SettingsError} */
export function readSource(env: Variables, root: string): SourceSettings {
  const name = oneOf(['yahoo', 'csv'] as const, 'MARKET_SOURCE', env.MARKET_SOURCE ?? 'yahoo');
  if (name === 'yahoo') {
    const url = webUrl('YAHOO_FINANCE_URL', env.YAHOO_FINANCE_URL ?? 'https://query2.finance.yahoo.com');
    return { name, url: withoutSlash(url), userAgent: userAgent(env.YAHOO_USER_AGENT) };
  }
  if (env.MARKET_CSV_DIR === undefined) {
    throw new SettingsError('MARKET_CSV_DIR is not set; MARKET_SOURCE=csv needs a folder of SYMBOL.csv files');
  }
  return { name, folder: resolve(root, env.MARKET_CSV_DIR) };
}

function userAgent(value: string | undefined): string | undefined {
  if (value === undefined || /^[\x20-\x7e]{1,500}$/.test(value)) return value;
  throw new SettingsError(
    'YAHOO_USER_AGENT is not a valid header value; allowed: up to 500 printable ASCII characters, such as Mozilla/5.0 (…)',
  );
}

/** Who is asked beside the source; undefined: nobody. @throws {SettingsError} */
export function readWitness(env: Variables): WitnessSettings | undefined {
  if (env.WITNESS === undefined) return undefined;
  const name = oneOf(['cboe'] as const, 'WITNESS', env.WITNESS);
  const url = webUrl('WITNESS_URL', env.WITNESS_URL ?? 'https://cdn.cboe.com');
  return { name, url: withoutSlash(url) };
}
