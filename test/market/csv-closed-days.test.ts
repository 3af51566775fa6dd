import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type CsvFacts, createCsvSource, readCloses, readCsv } from '../../src/market/csv.ts';
import { exchangeIn, NEW_YORK } from '../../src/market/exchange.ts';
import { addDays, isWeekend } from '../../src/market/session.ts';
import { SourceError } from '../../src/market/source.ts';
import { tradesAtWeekends } from '../../src/settings/symbols.ts';
import { temporaryFolder } from '../support/temporary.ts';

const DAX: CsvFacts = { symbol: '^GDAXI', exchange: exchangeIn('Europe/Berlin', '17:30') };
const NIFTY: CsvFacts = { symbol: '^NSEI', exchange: exchangeIn('Asia/Kolkata', '15:30') };

function fileOf(sessions: readonly string[]): string {
  const path = join(temporaryFolder(), 'closes.csv');
  writeFileSync(path, `session,close\n${sessions.map((session) => `${session},100`).join('\n')}\n`);
  return path;
}

const read = (sessions: readonly string[], facts: CsvFacts = {}, from = '') =>
  readCsv(fileOf(sessions), from, facts).map(({ session }) => session);

/** So many days from one on. */
const days = (from: string, count: number) => Array.from({ length: count }, (_, at) => addDays(from, at));

describe('sessions that New York did not have', () => {
  test.each([
    ['2025-09-20', 'Saturday, 20 Sep 2025'],
    ['2025-09-21', 'Sunday, 21 Sep 2025'],
    ['2025-07-04', 'Friday, 4 Jul 2025'],
    ['2025-01-09', 'Thursday, 9 Jan 2025'],
    ['2001-09-11', 'Tuesday, 11 Sep 2001'],
    ['1978-12-30', 'Saturday, 30 Dec 1978'],
    ['1978-07-01', 'Saturday, 1 Jul 1978'],
  ])('%s is refused by its line, as %s', (session, day) => {
    expect(() => read(['2025-09-18', session, '2025-09-19'])).toThrow(
      new RegExp(
        `csv, line 3 '${session},100': New York did not trade on ${day}; remove such lines, or, if the closes are`,
      ),
    );
  });

  test('are told of at once, all of them', () => {
    expect(() => read(['2025-09-18', '2025-09-21', '2025-09-19', '2025-09-20', '2025-07-04'])).toThrow(
      "line 3 '2025-09-21,100': New York did not trade on Sunday, 21 Sep 2025 (2 more up to line 6);",
    );
  });

  test('are left out where they have no value', () => {
    const path = join(temporaryFolder(), 'fred.csv');
    writeFileSync(
      path,
      'observation_date,SP500\n2025-07-03,6279.35\n2025-07-04,.\n2025-07-05,\n2025-07-06,0\n2025-07-07,.\n',
    );
    expect(readCsv(path)).toEqual([
      { session: '2025-07-03', close: 6279.35 },
      { session: '2025-07-07', close: null },
    ]);
  });

  test('are not known before its calendar begins: it traded on Saturdays until 1952, and holidays were others', () => {
    expect(read(['1930-09-20', '1952-05-24', '1968-06-12'])).toHaveLength(3);
  });

  test('are none of those that it had', () => {
    const sessions = NEW_YORK.sessionsBetween('1978-12-29', '2025-12-31');
    expect(read(sessions)).toEqual(sessions);
  });
});

describe('elsewhere', () => {
  test('any weekday may be a session, also one of New York’s holidays', () => {
    expect(read(['2025-07-03', '2025-07-04'], DAX)).toHaveLength(2);
  });

  test('a single day of a weekend is refused, and the cure is named', () => {
    expect(() => read(['2025-09-18', '2025-09-19', '2025-09-20'], DAX)).toThrow(
      `line 4 '2025-09-20,100': no exchange in Europe/Berlin is known to trade on Saturday, 20 Sep 2025; remove such lines, or, ` +
        `if it did trade, set "weekends": true under "symbols", "^GDAXI", "exchange" in signals.json`,
    );
  });

  test('India’s special sessions are taken where the settings say so, or where they are stored already', () => {
    const sessions = ['2024-01-19', '2024-01-20', '2024-03-02', '2026-02-01'];
    expect(() => read(sessions, NIFTY)).toThrow("line 3 '2024-01-20,100': no exchange in Asia/Kolkata");
    expect(read(sessions, { ...NIFTY, weekends: true })).toEqual(sessions);
    expect(read(sessions.slice(0, 2), { ...NIFTY, known: new Set(['2024-01-20']) })).toHaveLength(2);
  });

  test('neither the settings nor what is stored makes a session of New York’s', () => {
    expect(() => read(['2025-07-04'], { weekends: true, known: new Set(['2025-07-04']) })).toThrow(
      'New York did not trade',
    );
  });

  test('weekends are sessions where most weeks have them', () => {
    expect(read(days('2025-09-01', 28), DAX)).toHaveLength(28);
    // Tokyo's six days a week, until 1989.
    const tokyo = { symbol: '^N225', exchange: exchangeIn('Asia/Tokyo', '15:00') };
    const sixDays = days('1986-09-01', 40).filter((day) => !isWeekend(day) || isWeekend(addDays(day, 1)));
    expect(read(sixDays, tokyo)).toEqual(sixDays);
  });

  test('and where the week begins on Sunday, or never ends', () => {
    const saudi = { symbol: '^TASI.SR', exchange: exchangeIn('Asia/Riyadh', '15:00') };
    expect(read(['2025-09-18', '2025-09-21'], saudi)).toHaveLength(2);
    expect(read(['2025-09-20'], { symbol: 'BTC-USD', exchange: exchangeIn('UTC', '23:59') })).toHaveLength(1);
  });

  test('dates that are a day off are refused, though every week has its Sunday', () => {
    const off = days('2025-09-01', 60)
      .filter((day) => !isWeekend(day))
      .map((day) => addDays(day, -1));
    expect(() => read(off, DAX)).toThrow(/Sunday, 31 Aug 2025 \(8 more up to line/);
    const late = days('2025-09-01', 60)
      .filter((day) => !isWeekend(day))
      .map((day) => addDays(day, 1));
    expect(() => read(late, DAX)).toThrow(/Saturday, \d+ Sep 2025 \(7 more up to line/);
  });
});

describe('the rule holds for every reading of a folder', () => {
  const NOW = Date.parse('2025-09-22T20:40:00Z');
  const long = NEW_YORK.sessionsBetween('2020-01-01', '2025-09-22');

  async function readFolder(sessions: readonly string[], from: string | undefined) {
    const folder = temporaryFolder();
    writeFileSync(
      join(folder, '^RUT.csv'),
      `session,close\n${sessions.map((session) => `${session},100`).join('\n')}\n`,
    );
    return (await createCsvSource(folder).read('^RUT', from, NOW)).bars.map(({ session }) => session);
  }

  test('the first one and those of the last weeks alike, by the same line', async () => {
    const bent = [...long, '2025-09-20'];
    const told = `line ${bent.length + 1} '2025-09-20,100': New York did not trade on Saturday, 20 Sep 2025`;
    await expect(readFolder(bent, undefined)).rejects.toThrow(told);
    await expect(readFolder(bent, '2025-08-01')).rejects.toThrow(told);
    expect(await readFolder(long, '2025-09-18')).toEqual(['2025-09-18', '2025-09-19', '2025-09-22']);
  });

  test('a habit of weekends is that of the whole file, not of what is read again', async () => {
    const folder = temporaryFolder();
    const source = createCsvSource(folder, () => DAX.exchange ?? NEW_YORK);
    const weekdays = days('2024-01-01', 600).filter((day) => !isWeekend(day));
    const rows = [...weekdays, ...days(addDays(weekdays.at(-1) ?? '', 1), 20)].map((day) => `${day},100`);
    writeFileSync(join(folder, '^GDAXI.csv'), `session,close\n${rows.join('\n')}\n`);
    await expect(source.read('^GDAXI', undefined, NOW)).rejects.toThrow('no exchange in Europe/Berlin');
    await expect(source.read('^GDAXI', addDays(weekdays.at(-1) ?? '', 1), NOW)).rejects.toThrow(
      'no exchange in Europe/Berlin',
    );
  });

  test('other forms of dates and numbers are read from a session on too', async () => {
    const folder = temporaryFolder();
    writeFileSync(
      join(folder, '^RUT.csv'),
      'Datum;Schluss\n16.09.2025;2.403,03\n17.09.2025;2.407,34\n18.09.2025;2.467,70\n',
    );
    const { bars } = await createCsvSource(folder).read('^RUT', '2025-09-17', NOW);
    expect(bars).toEqual([
      { session: '2025-09-17', close: 2407.34 },
      { session: '2025-09-18', close: 2467.7 },
    ]);
  });
});

describe('what is read again of a table', () => {
  async function rowsOf(text: string): Promise<number> {
    const folder = temporaryFolder();
    writeFileSync(join(folder, '^RUT.csv'), text);
    const { bars } = await createCsvSource(folder).read('^RUT', '2025-09-18', Date.parse('2025-09-22T20:40:00Z'));
    return bars.length;
  }

  test('is no other symbol’s, though the last rows are', async () => {
    const text = 'Date,Ticker,Close\n2025-09-16,^RUT,2403.03\n2025-09-17,^RUT,2407.34\n2025-09-18,^GSPC,6631.96\n';
    expect(await rowsOf(text)).toBe(0);
  });

  test('is not adjusted, though the dividend was paid before', async () => {
    const text = 'Date,Close,Dividends\n2025-09-16,238.34,0.8\n2025-09-17,239.03,0.0\n2025-09-18,244.93,0.0\n';
    await expect(rowsOf(text)).rejects.toThrow("line 2 '2025-09-16,238.34,0.8': a dividend of 0.8");
  });
});

describe('the settings', () => {
  test('say which exchanges trade on single days of a weekend', () => {
    const exchange = { timeZone: 'Asia/Kolkata', closesAt: '15:30', weekends: true };
    const symbols = { '^NSEI': { exchange }, '^GDAXI': {} };
    expect(['^NSEI', '^GDAXI', '^RUT'].map((symbol) => tradesAtWeekends({ symbols }, symbol))).toEqual([
      true,
      false,
      false,
    ]);
  });
});

describe('record closes from before a history', () => {
  test('are refused on days without trading in New York', () => {
    expect(() => readCloses(fileOf(['1978-12-29', '1979-12-25']))).toThrow(
      "line 3 '1979-12-25,100': New York did not trade",
    );
  });

  test('may be of a Saturday elsewhere, and of any day where nobody knows where', () => {
    expect(readCloses(fileOf(['1985-08-03']), exchangeIn('Asia/Tokyo', '15:00'))).toHaveLength(1);
    expect(readCloses(fileOf(['1979-12-25']), null)).toHaveLength(1);
  });
});

describe('what is no file of a table is refused, and never waited for:', () => {
  test('a folder', () => {
    const path = join(temporaryFolder(), 'closes.csv');
    mkdirSync(path);
    expect(() => readCsv(path)).toThrow(new SourceError(`${path} is a folder; a CSV file is needed`));
  });

  test('nothing', () => {
    expect(() => readCsv('/nowhere/closes.csv')).toThrow(/^\/nowhere\/closes\.csv does not exist$/);
  });

  test.skipIf(process.platform === 'win32')('a device, also behind a link', () => {
    const path = join(temporaryFolder(), 'closes.csv');
    symlinkSync('/dev/zero', path);
    expect(() => readCsv(path)).toThrow(new SourceError(`${path} is a device or a pipe; a CSV file is needed`));
  });

  test.skipIf(process.platform === 'win32')('a pipe that nobody writes to', () => {
    const path = join(temporaryFolder(), 'closes.csv');
    execFileSync('mkfifo', [path]);
    expect(() => readCsv(path)).toThrow(new SourceError(`${path} is a device or a pipe; a CSV file is needed`));
  });

  test('a file that is far too big', () => {
    const path = fileOf([]);
    truncateSync(path, 17 * 1024 * 1024);
    expect(() => readCsv(path)).toThrow(`${path} has 17 MB; allowed: at most 16 MB`);
  });
});
