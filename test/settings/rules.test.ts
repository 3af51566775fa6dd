import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ruleFingerprint } from '../../src/check/evaluate.ts';
import { ruleDifference, rulesOf } from '../../src/settings/rules.ts';
import { loadSettings } from '../../src/settings/settings.ts';
import type { Signal } from '../../src/signal/signal.ts';
import { temporaryFolder } from '../support/temporary.ts';

const SIGNAL: Signal = {
  id: 'russell-2000',
  title: 'Russell 2000',
  index: '^RUT',
  benchmark: '^GSPC',
  quietYears: 1,
  horizons: [12],
};
const SETTINGS = { source: { name: 'yahoo', url: '', userAgent: '' }, signals: [SIGNAL], symbols: {} } as const;
const rules = (change: object = {}) => rulesOf({ ...SETTINGS, ...change } as Parameters<typeof rulesOf>[0]);
const signal = (change: object) => rules({ signals: [{ ...SIGNAL, ...change }] });

test.each([
  ['the same', rules(), undefined],
  ['another title', signal({ title: 'Small caps' }), undefined],
  ['another name of a symbol', rules({ symbols: { '^RUT': { name: 'R2K' } } }), undefined],
  ['another source', rules({ source: { name: 'csv', folder: '' } }), 'MARKET_SOURCE: yahoo here, csv there'],
  ['another rule', signal({ quietYears: 2 }), 'signal russell-2000, quietYears: 1 here, 2 there'],
  ['another index', signal({ index: '^NDX' }), 'signal russell-2000, index: ^RUT here, ^NDX there'],
  ['one signal less', rules({ signals: [] }), 'signal russell-2000, index: ^RUT here, not set there'],
  ['a bigger move', rules({ symbols: { '^RUT': { maxDailyMove: 0.3 } } }), /symbol \^RUT/],
])('%s', (_, other, difference) => {
  const found = ruleDifference(rules(), other);
  if (difference instanceof RegExp) expect(found).toMatch(difference);
  else expect(found).toBe(difference);
});

test('the content of the file before the history counts, and not where it lies', () => {
  const file = (content: string) => {
    const path = join(temporaryFolder(), 'before.csv');
    writeFileSync(path, content);
    return signal({ beforeHistory: { file: path, until: '1987-09-10', rule: 'joined' } });
  };
  expect(ruleDifference(file('a'), file('a'))).toBeUndefined();
  expect(ruleDifference(file('a'), file('b'))).toMatch(/^signal russell-2000, beforeHistory: 1987-09-10 ca978112ca1b/);
});

test('the records of the package count as they were first published: 154.94 of 4 February 1987 was 154.93', () => {
  const { signals, symbols } = loadSettings(join(import.meta.dirname, '../..'), {});
  // As version 0.1.0 wrote both into its ledger: another mark would make an event of the evening of the update history.
  expect(rules({ signals, symbols })).toContain('"signal russell-2000, beforeHistory":"1987-09-10 d3c47c64500c"');
  const [russell] = signals;
  expect(russell && ruleFingerprint(russell)).toBe('8dc9f53c34f4');
});
