import assert from 'node:assert/strict';
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { readCsv } from '../../src/market/csv.ts';
import { isDate } from '../../src/market/session.ts';
import { SourceError } from '../../src/market/source.ts';
import { VARIABLES } from '../../src/settings/environment.ts';
import { loadSettings } from '../../src/settings/settings.ts';
import type { Fuzzing } from './fuzz.ts';

const ROOT = join(import.meta.dirname, '../..');

/** Whatever a CSV file holds: closes, or one line that names the file. */
export function fuzzCsv(folder: string): Fuzzing {
  const path = join(folder, '^RUT.csv');
  const cell = fc.oneof(
    fc.constantFrom(
      '2025-09-18',
      '2025-09-17',
      '2025-02-29',
      '18/09/2025',
      '09/10/2025',
      '18.09.2025',
      'Sep 18, 2025',
      '2025-09-18 00:00:00-04:00',
      '2025-09-20',
      '2467.70',
      '2,467.70',
      '"2.467,70"',
      '1,234',
      '$5',
      '.',
      'null',
      '',
      '-1',
      '1e999',
      '"',
      '0x10',
      'NaN',
    ),
    fc.string({ unit: 'binary', maxLength: 12 }),
  );
  const header = fc.constantFrom(
    'session,close',
    'Date,Close',
    'Date,Open,High,Low,Close,Adj Close,Volume',
    '\ufeffsession,close',
    'session;close',
    'sep=;\nDatum;Schlusskurs',
    'observation_date,SP500',
    '"Date","Price","Open","High","Low","Vol.","Change %"',
    'Price,Close,High\nTicker,^RUT,^RUT\nDate,,',
    '<TICKER>,<PER>,<DATE>,<CLOSE>',
    '',
  );
  const end = fc.constantFrom('\n', '\r\n', '\r');
  const property = fc.asyncProperty(
    header,
    fc.array(fc.array(cell, { maxLength: 7 }), { maxLength: 8 }),
    end,
    async (first, rows, eol) => {
      writeFileSync(path, [first, ...rows.map((row) => row.join(first.includes(';') ? ';' : ','))].join(eol));
      try {
        const bars = readCsv(path, '');
        const sessions = bars.map(({ session }) => session);
        assert.deepEqual(sessions, [...new Set(sessions)].sort());
        for (const { session, close } of bars) assert(isDate(session) && (close === null || Number.isFinite(close)));
      } catch (error) {
        assert(error instanceof SourceError, `not a SourceError: ${(error as Error).stack}`);
        assert(error.message.startsWith(path) && !/\p{Cc}/u.test(error.message), JSON.stringify(error.message));
      }
    },
  );
  return { name: 'CSV files', property: property as never, runs: 500 };
}

/** Whatever stands in the configuration and in `.env`: settings, or lines that name the file or the variable. */
export function fuzzConfig(folder: string): Fuzzing {
  mkdirSync(join(folder, 'data'), { recursive: true });
  cpSync(join(ROOT, 'config'), join(folder, 'config'), { recursive: true });
  cpSync(join(ROOT, 'data/before-yahoo.csv'), join(folder, 'data/before-yahoo.csv'));
  const [signals, schedule] = ['signals.json', 'schedule.json'].map((name) =>
    JSON.parse(readFileSync(join(ROOT, 'config', name), 'utf8')),
  );
  const places = [...placesOf(signals, []), ...placesOf(schedule, [])];
  const odd = fc.oneof(
    fc.jsonValue({ maxDepth: 2 }),
    fc.constantFrom('__proto__', '../../etc/passwd', '^RUT', '16:45', 1e308, -1, 12),
  );
  const change = fc.record({ place: fc.constantFrom(...places), value: odd });
  const words = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 30 }),
    fc.webUrl(),
    fc.emailAddress(),
    fc.constantFrom(
      'smtp://u:p@h:587',
      'yahoo',
      'csv',
      '8787',
      '<@&1>',
      'info',
      'https://discord.com/api/webhooks/1/t',
    ),
  );
  const environment = fc.dictionary(fc.constantFrom(...VARIABLES), words, { maxKeys: 5 });
  const property = fc.asyncProperty(fc.array(change, { maxLength: 3 }), environment, async (changes, env) => {
    for (const [name, good] of [
      ['signals.json', signals],
      ['schedule.json', schedule],
    ] as const) {
      const bent = structuredClone(good);
      for (const { place, value } of changes) put(bent, place, value);
      writeFileSync(join(folder, 'config', name), JSON.stringify(bent));
    }
    try {
      const settings = loadSettings(folder, env);
      assert(Object.isFrozen(settings) && settings.signals.length > 0);
    } catch (error) {
      assert.equal((error as Error).name, 'SettingsError', (error as Error).stack);
      assert.match((error as Error).message, /[A-Z]{3,}|config\/(signals|schedule)\.json/);
    }
  });
  return { name: 'config files', property: property as never, runs: 300 };
}

type Place = readonly (string | number)[];

function placesOf(value: unknown, path: Place): Place[] {
  if (typeof value !== 'object' || value === null) return [path];
  return [
    path,
    ...Object.keys(value).flatMap((name) => placesOf((value as Record<string, unknown>)[name], [...path, name])),
  ];
}

function put(target: unknown, place: Place, value: unknown): void {
  const owner = place
    .slice(0, -1)
    .reduce<unknown>((at, name) => (at as Record<string, unknown> | undefined)?.[name], target);
  const last = place.at(-1);
  if (typeof owner === 'object' && owner !== null && last !== undefined)
    (owner as Record<string, unknown>)[last] = value;
}
