import { afterEach, describe, expect, test, vi } from 'vitest';
import { isSet, npmOption, toSeed, toSession, toYears } from '../../src/cli/options.ts';

afterEach(() => void vi.unstubAllEnvs());

describe('an option', () => {
  test.each([
    [toSession, '2025-09-18', '2025-09-18'],
    [toSeed, '0', 0],
    [toSeed, '999999999', 999_999_999],
    [toYears, '1', 1],
    [toYears, '20', 20],
  ])('%o takes %s', (parse, text, value) => {
    expect(parse(text)).toBe(value);
  });

  test.each([
    [toSession, '2025-02-29', "'2025-02-29' is not a date; allowed: YYYY-MM-DD."],
    [toSeed, '1000000000', 'Allowed: a whole number from 0 to 999999999.'],
    [toSeed, '-1', 'Allowed: a whole number from 0 to 999999999.'],
    [toYears, '0', 'Allowed: a whole number of years from 1 to 20.'],
    [toYears, '21', 'Allowed: a whole number of years from 1 to 20.'],
  ])('%o refuses %s', (parse, text, words) => {
    expect(() => parse(text)).toThrow(words);
  });
});

describe('an option that npm took for its own', () => {
  test('is read from what npm leaves, and refused by its name', () => {
    expect(npmOption('until', toSession)).toBeUndefined();
    vi.stubEnv('npm_config_until', '');
    expect(npmOption('until', toSession)).toBeUndefined();
    vi.stubEnv('npm_config_until', '2026-01-05');
    expect(npmOption('until', toSession)).toBe('2026-01-05');
    vi.stubEnv('npm_config_until', 'true');
    expect(() => npmOption('until', toSession)).toThrow("--until: 'true' is not a date; allowed: YYYY-MM-DD.");
  });

  test('without a value is set where npm or we got it', () => {
    expect(isSet(undefined, 'send')).toBe(false);
    expect(isSet(true, 'send')).toBe(true);
    vi.stubEnv('npm_config_send', 'true');
    expect(isSet(undefined, 'send')).toBe(true);
    vi.stubEnv('npm_config_send', 'false');
    expect(isSet(undefined, 'send')).toBe(false);
  });
});
