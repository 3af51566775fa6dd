import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createCsvSource, readCloses, readCsv } from '../../src/market/csv.ts';
import { SourceError } from '../../src/market/source.ts';
import { temporaryFolder } from '../support/temporary.ts';

/** Writes a file and gives its path. */
function file(text: string, name = '^RUT.csv', folder = temporaryFolder()): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

const TWO = [
  { session: '2025-09-17', close: 2407.34 },
  { session: '2025-09-18', close: 2467.7 },
];

describe('a file of closes', () => {
  test.each([
    ['session,close', 'session,close\n2025-09-17,2407.34\n2025-09-18,2467.7\n'],
    ['Date,Close', 'Date,Close\n2025-09-17,2407.34\n2025-09-18,2467.7\n'],
    [
      "Yahoo's download",
      'Date,Open,High,Low,Close,Adj Close,Volume\n' +
        '2025-09-17,2403.0,2450.1,2390.2,2407.34,1.1,4000000000\n' +
        '2025-09-18,2410.0,2470.1,2400.2,2467.70,2.2,4000000000\n',
    ],
    ['the columns the other way round', 'Close,Session\n2407.34,2025-09-17\n2467.7,2025-09-18\n'],
    ['capitals and blanks', ' SESSION , Close \n 2025-09-17 , 2407.34 \n2025-09-18,\t2467.7\n'],
    ["Windows' line ends", 'session,close\r\n2025-09-17,2407.34\r\n2025-09-18,2467.7\r\n'],
    ['a byte order mark', '\uFEFFsession,close\n2025-09-17,2407.34\n2025-09-18,2467.7\n'],
    ['quotes', '"session","close"\n"2025-09-17","2407.34"\n"2025-09-18","2467.7"\n'],
    ['no last line end', 'session,close\n2025-09-17,2407.34\n2025-09-18,2467.7'],
    ['empty lines', '\nsession,close\n\n2025-09-17,2407.34\n , \n2025-09-18,2467.7\n\n\n'],
    ['descending rows', 'session,close\n2025-09-18,2467.7\n2025-09-17,2407.34\n'],
    ['semicolons', 'session;close\n2025-09-17;2407.34\n2025-09-18;2467.7\n'],
    ['a column more', 'session,close,note\n2025-09-17,2407.34,\n2025-09-18,2467.7,"a record, at last"\n'],
  ])('may have %s', (_what, text) => {
    expect(readCsv(file(text)).map(({ session, close }) => ({ session, close }))).toEqual(TWO);
  });

  test('may have highs; one that is no number is none', () => {
    const text = 'session,close,high\n2025-09-17,2407.34,2450.1\n2025-09-18,2467.7,n/a\n2025-09-19,2448.77,\n';
    expect(readCsv(file(text))).toEqual([
      { session: '2025-09-17', close: 2407.34, high: 2450.1 },
      { session: '2025-09-18', close: 2467.7 },
      { session: '2025-09-19', close: 2448.77 },
    ]);
  });

  test.each(['', 'null', 'NULL', ' '])("may say '%s' where a session has no value", (text) => {
    expect(readCsv(file(`session,close\n2025-09-17,${text}\n2025-09-18,2467.7\n`))).toEqual([
      { session: '2025-09-17', close: null },
      { session: '2025-09-18', close: 2467.7 },
    ]);
  });

  test('leaves judging a value to others: zero and less are passed on', () => {
    expect(readCsv(file('session,close\n2025-09-17,0\n2025-09-18,-5\n')).map(({ close }) => close)).toEqual([0, -5]);
  });

  test('with nothing but its first line has no closes', () => {
    expect(readCsv(file('session,close\n'))).toEqual([]);
  });

  test('is read from a session on', () => {
    const path = file('session,close\n2025-09-16,2403.03\n2025-09-17,2407.34\n2025-09-18,2467.7\n');
    expect(readCsv(path, '2025-09-17')).toEqual(TWO);
    expect(readCsv(path, '2025-09-19')).toEqual([]);
  });

  test('with quotes is read from a session on all the same', () => {
    const path = file('"session","close"\n"2025-09-16","2403.03"\n"2025-09-17","2407.34"\n"2025-09-18","2467.7"\n');
    expect(readCsv(path, '2025-09-17').slice(-2)).toEqual(TWO);
  });
});

describe('a file that is wrong is refused, by file and value:', () => {
  test.each([
    ['an empty file', '', "the first line is ''; it must name the columns session,close (or Date,Close)"],
    ['a file without header', '2025-09-18,2467.7\n', "the first line is '2025-09-18,2467.7'; it must name the columns"],
    ['a file without closes', 'Date,Adj Close\n2025-09-18,1\n', "the first line is 'Date,Adj Close'; it must name"],
    ['a file without sessions', 'day,close\n2025-09-18,1\n', "the first line is 'day,close'; it must name"],
    ['a day that does not exist', 'session,close\n2025-02-29,1\n', "'2025-02-29' is not a date in the form YYYY-MM-DD"],
    ['a row without a date', 'session,close\n,1\n', "'' is not a date in the form YYYY-MM-DD"],
    ['a word', 'session,close\n2025-09-18,high\n', "'high' is not a number"],
    ['a hexadecimal number', 'session,close\n2025-09-18,0x10\n', "'0x10' is not a number"],
    ['infinity', 'session,close\n2025-09-18,Infinity\n', "'Infinity' is not a number"],
    ['a session twice', 'session,close\n2025-09-18,1\n2025-09-17,1\n2025-09-18,2\n', '18 Sep 2025 appears twice'],
    ['a quote that does not end', 'session,close\n2025-09-18,"1\n2025-09-19,2\n', 'Quoted field unterminated'],
    ['a long line', `session,close\n2025-09-18,${'9'.repeat(50)}x\n`, `'${'9'.repeat(40)}…' is not a number`],
  ])('%s', (_what, text, told) => {
    const path = file(text);
    const error = errorOf(() => readCsv(path));
    expect(error).toBeInstanceOf(SourceError);
    expect(error.message).toContain(`${path}`);
    expect(error.message).toContain(told);
    expect(error.message).not.toContain('\n');
  });

  test('and by its line', () => {
    const path = file('session,close\n2025-09-17,2407.34\n2025-09-18,high\n');
    expect(() => readCsv(path)).toThrow(`${path}, line 3 '2025-09-18,high': 'high' is not a number`);
  });
});

describe('record closes from before a history', () => {
  test('have a value for every session', () => {
    expect(readCloses(file('session,close\n2025-09-17,2407.34\n2025-09-18,2467.7\n'))).toEqual(TWO);
  });

  test.each(['', 'null', '0', '-1'])("are refused with '%s' for one", (text) => {
    const path = file(`session,close\n1978-12-29,40.32\n1979-06-29,${text}\n`);
    expect(() => readCloses(path)).toThrow(new SourceError(`${path}: 29 Jun 1979 has no close above zero`));
  });

  test('that the package brings are the sixteen of docs/architecture.md', () => {
    const closes = readCloses(join(import.meta.dirname, '../../data/before-yahoo.csv'));
    expect(closes.map(({ session, close }) => `${session} ${close.toFixed(2)}`).join(' · ')).toBe(
      '1978-12-29 40.32 · 1979-06-29 49.37 · 1979-12-31 55.63 · 1980-02-08 61.61 · 1980-07-17 61.87 · ' +
        '1981-03-19 77.47 · 1981-06-15 84.74 · 1982-11-04 84.89 · 1983-05-04 110.94 · 1983-06-24 126.35 · ' +
        '1985-12-12 126.79 · 1986-06-13 153.89 · 1986-07-03 154.53 · 1987-02-04 154.94 · 1987-08-05 169.81 · ' +
        '1987-08-21 174.24',
    );
  });
});

describe('the source', () => {
  const ROWS = 'session,close\n2025-07-02,1\n2025-07-03,2\n2025-09-16,3\n2025-09-17,4\n2025-09-18,5\n2025-09-19,6\n';

  /** The sessions that the source gives at a time of New York's summer. */
  async function sessionsAt(time: string, from?: string): Promise<string[]> {
    const folder = temporaryFolder();
    file(ROWS, '^RUT.csv', folder);
    const reading = await createCsvSource(folder).read('^RUT', from, Date.parse(`${time}:00-04:00`));
    expect(reading.symbol).toBe('^RUT');
    expect(reading).not.toHaveProperty('marketPrice');
    return reading.bars.map(({ session }) => session);
  }

  test.each([
    ['2025-09-18T09:00', '2025-09-17', 'in the morning'],
    ['2025-09-18T16:00', '2025-09-17', 'at the close'],
    ['2025-09-18T16:34', '2025-09-17', '34 minutes after the close'],
    ['2025-09-18T16:35', '2025-09-18', '35 minutes after the close'],
    ['2025-09-18T23:59', '2025-09-18', 'late in the evening'],
    ['2025-09-19T00:00', '2025-09-18', 'the next day'],
    ['2025-07-03T13:34', '2025-07-02', '34 minutes after an early close'],
    ['2025-07-03T13:35', '2025-07-03', '35 minutes after an early close'],
  ])('at %s ends with %s: %s', async (time, newest) => {
    expect((await sessionsAt(time)).at(-1)).toBe(newest);
  });

  test.each([
    ['2', '2467.699951171875', undefined],
    ['1.25', '1.0837', 4],
    ['0.00001234', '0.00001250', 8],
  ])('has the decimals of its values: %s and %s', async (one, other, decimals) => {
    const folder = temporaryFolder();
    file(`session,close\n2025-09-17,${one}\n2025-09-18,${other}\n`, 'X.csv', folder);
    const reading = await createCsvSource(folder).read('X', undefined, Date.parse('2025-09-22T12:00:00Z'));
    expect(reading.decimals).toBe(decimals);
  });

  test.each([
    ['2467.70', '2467.699951171875', 1],
    ['2467.70', '2467.703', 1],
    ['1.0837', '1.0837', 1],
  ])('counts %s and %s of one session once', async (one, other, bars) => {
    const folder = temporaryFolder();
    file(`session,close\n2025-09-18,${one}\n2025-09-18,${other}\n`, 'X.csv', folder);
    const reading = await createCsvSource(folder).read('X', undefined, Date.parse('2025-09-22T12:00:00Z'));
    expect(reading.bars).toHaveLength(bars);
  });

  test('refuses two values of one session that are less than a cent apart, and differ', async () => {
    const folder = temporaryFolder();
    file('session,close\n2025-09-18,1.0837\n2025-09-18,1.0812\n', 'X.csv', folder);
    const read = createCsvSource(folder).read('X', undefined, Date.parse('2025-09-22T12:00:00Z'));
    await expect(read).rejects.toThrow('18 Sep 2025 appears twice, with 1.0837 on line 2');
  });

  test('begins with the session asked for, or with the file', async () => {
    expect(await sessionsAt('2025-09-18T16:40', '2025-09-17')).toEqual(['2025-09-17', '2025-09-18']);
    expect((await sessionsAt('2025-09-18T16:40'))[0]).toBe('2025-07-02');
  });

  test('needs no network', () => {
    expect(createCsvSource('/nowhere')).toMatchObject({ name: 'csv', needsNetwork: false });
  });

  test('says which file is missing, and what to do', async () => {
    const folder = join(temporaryFolder(), 'closes');
    mkdirSync(folder);
    const reading = createCsvSource(folder).read('^GSPC', undefined, 0);
    await expect(reading).rejects.toThrow(
      new SourceError(
        `^GSPC: there is no ${join(folder, '^GSPC.csv')}; MARKET_CSV_DIR needs one SYMBOL.csv per symbol`,
      ),
    );
  });
});

function errorOf(run: () => unknown): Error {
  try {
    run();
  } catch (error) {
    return error as Error;
  }
  throw new Error('it did not throw');
}
