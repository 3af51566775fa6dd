import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readCsv } from '../../src/market/csv.ts';
import { NEW_YORK } from '../../src/market/exchange.ts';
import { SourceError } from '../../src/market/source.ts';
import { temporaryFolder } from '../support/temporary.ts';

import { RUT } from './csv-example.ts';

describe('in whatever way a table is written', () => {
  const SESSIONS = NEW_YORK.sessionsBetween('2024-01-02', '2025-09-18');
  const [year, month, day] = [0, 5, 8].map(
    (from) => (session: string) => session.slice(from, from === 0 ? 4 : from + 2),
  ) as [(session: string) => string, (session: string) => string, (session: string) => string];
  const DATES: readonly ((session: string) => string)[] = [
    (session) => session,
    (session) => `${session} 00:00:00-04:00`,
    (session) => session.replaceAll('-', ''),
    (session) => `${month(session)}/${day(session)}/${year(session)}`,
    (session) => `${Number(month(session))}/${Number(day(session))}/${year(session)} 16:00:00`,
    (session) => `${day(session)}/${month(session)}/${year(session)}`,
    (session) => `${day(session)}.${month(session)}.${year(session)}`,
    (session) => `${month(session)}/${day(session)}/${year(session).slice(2)}`,
    (session) => new Date(session).toLocaleDateString('en-US', { dateStyle: 'medium', timeZone: 'UTC' }),
    (session) => new Date(session).toLocaleDateString('de-DE', { dateStyle: 'long', timeZone: 'UTC' }),
  ];
  const NUMBERS: readonly ((close: number) => string)[] = [
    String,
    (close) => close.toFixed(2),
    (close) => close.toExponential(),
    ...['en-US', 'de-DE', 'de-CH', 'fr-FR', 'en-IN', 'pl-PL'].flatMap((locale) => [
      (close: number) => close.toLocaleString(locale, { minimumFractionDigits: 2 }),
      // Whole numbers show no decimals: what 1,234 means may be open then.
      (close: number) => close.toLocaleString(locale),
    ]),
    (close) => `$${close.toLocaleString('en-US')}`,
  ];
  const ENGLISH = NUMBERS.slice(0, 3);
  const written = fc.record({
    at: fc.nat(SESSIONS.length - 20),
    count: fc.integer({ min: 1, max: 20 }),
    close: fc.array(
      fc.oneof(
        fc.integer({ min: 1, max: 3_000_000 }).map((cents) => cents / 100),
        fc.integer({ min: 1, max: 30_000 }),
      ),
      {
        minLength: 20,
        maxLength: 20,
      },
    ),
    date: fc.constantFrom(...DATES),
    number: fc.constantFrom(...NUMBERS),
    delimiter: fc.constantFrom(',', ';', '\t'),
    quoted: fc.boolean(),
    newestFirst: fc.boolean(),
    header: fc.constantFrom(['Date', 'Close'], ['Close', 'Date'], ['Datum', 'Schlusskurs'], ['DATE', 'SP500']),
    end: fc.constantFrom('\n', '\r\n'),
    encoding: fc.constantFrom('utf8', 'utf16le', 'latin1'),
  });

  test('its closes are what was written, or it is refused', () => {
    const path = join(temporaryFolder(), 'closes.csv');
    let read = 0;
    const property = fc.property(written, (table) => {
      const { delimiter, header } = table;
      const sessions = SESSIONS.slice(table.at, table.at + table.count);
      const wanted = sessions.map((session, at) => ({ session, close: table.close[at] ?? 0 }));
      const rows = wanted.map(({ session, close }) => {
        const cells = [table.date(session), table.number(close)];
        return header[0] === 'Close' ? cells.reverse() : cells;
      });
      if (table.newestFirst) rows.reverse();
      // A German comma or thousands point would not stand between commas without quotes.
      const quoted = table.quoted || (delimiter === ',' && !ENGLISH.includes(table.number));
      const line = (cells: readonly string[]) => cells.map((cell) => (quoted ? `"${cell}"` : cell)).join(delimiter);
      const mark = table.encoding === 'utf16le' ? '\uFEFF' : '';
      writeFileSync(
        path,
        Buffer.from(mark + [header, ...rows].map(line).join(table.end), table.encoding as BufferEncoding),
      );
      let bars: readonly { session: string; close: number | null }[];
      try {
        bars = readCsv(path, '', RUT);
      } catch (error) {
        expect(error).toBeInstanceOf(SourceError);
        return;
      }
      read++;
      expect(bars).toEqual(wanted);
    });
    fc.assert(property, { numRuns: 500 });
    // Most are read: refusing everything would be no art.
    expect(read).toBeGreaterThan(250);
  });
});
