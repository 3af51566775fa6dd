import { describe, expect, test } from 'vitest';
import { loadSettings } from '../../src/settings/settings.ts';
import { root } from './package-root.ts';

describe('a bad setting is refused, naming it and what is allowed', () => {
  test.each<[Record<string, string>, RegExp]>([
    [{ MARKET_SOURCE: 'csv' }, /MARKET_CSV_DIR is not set/],
    [{ YAHOO_FINANCE_URL: 'query2' }, /YAHOO_FINANCE_URL must be an address/],
    [{ YAHOO_FINANCE_URL: 'https://u:pw@proxy' }, /contains no password/],
    [{ YAHOO_USER_AGENT: 'Mozilla/5.0 “quoted”' }, /YAHOO_USER_AGENT is not a valid header value/],
    [{ YAHOO_USER_AGENT: 'x'.repeat(501) }, /YAHOO_USER_AGENT is not a valid header value/],
  ])('%j', (env, message) => {
    expect(() => loadSettings(root(), env)).toThrow(message);
  });
});
