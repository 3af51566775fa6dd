import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type CsvFacts, readCsv } from '../../src/market/csv.ts';
import { exchangeIn, NEW_YORK } from '../../src/market/exchange.ts';
import { SourceError } from '../../src/market/source.ts';
import { temporaryFolder } from '../support/temporary.ts';

const RUT: CsvFacts = { symbol: '^RUT' };
const TWO = ['2025-09-17 2407.34', '2025-09-18 2467.70'];

function file(content: string | Buffer): string {
  const path = join(temporaryFolder(), 'closes.csv');
  writeFileSync(path, content);
  return path;
}

function closesIn(content: string | Buffer, facts: CsvFacts = RUT): string[] {
  return readCsv(file(content), '', facts).map(({ session, close }) => `${session} ${close?.toFixed(2) ?? 'none'}`);
}

function refusalOf(content: string | Buffer, facts: CsvFacts = RUT): string {
  const path = file(content);
  try {
    readCsv(path, '', facts);
  } catch (error) {
    expect(error).toBeInstanceOf(SourceError);
    const { message } = error as Error;
    expect(message.startsWith(path)).toBe(true);
    expect(message).not.toContain('\n');
    return message.slice(path.length);
  }
  throw new Error('it was not refused');
}

/*
 * The names of columns and the way of writing dates and numbers are those that people's own readers of these files
 * expect (public repositories on GitHub, looked up in November 2026); the closes are those of the Russell 2000.
 */
describe('what people have is read as it is:', () => {
  test.each<[what: string, content: string | Buffer]>([
    // stooq.com/q/d/l/?s=^rut&i=d
    [
      'Stooq',
      'Date,Open,High,Low,Close,Volume\n2025-09-17,2403,2450.1,2390.2,2407.34,0\n2025-09-18,2410,2468.9,2408.1,2467.7,0\n',
    ],
    [
      'Stooq in Polish',
      'Data,Otwarcie,Najwyzszy,Najnizszy,Zamkniecie,Wolumen\n2025-09-17,2403,2450.1,2390.2,2407.34,0\n2025-09-18,2410,2468.9,2408.1,2467.7,0\n',
    ],
    // stooq.com/db/h: one text per symbol
    [
      "Stooq's archive",
      '<TICKER>,<PER>,<DATE>,<TIME>,<OPEN>,<HIGH>,<LOW>,<CLOSE>,<VOL>,<OPENINT>\r\n' +
        '^RUT,D,20250917,000000,2403,2450.1,2390.2,2407.34,0,0\r\n^RUT,D,20250918,000000,2410,2468.9,2408.1,2467.7,0,0\r\n',
    ],
    [
      "Yahoo's former download: close, not the adjusted close",
      'Date,Open,High,Low,Close,Adj Close,Volume\n2025-09-17,2403.0,2450.1,2390.2,2407.34,1.1,40\n2025-09-18,2410.0,2468.9,2408.1,2467.70,2.2,40\n',
    ],
    // finance.yahoo.com/quote/^RUT/history, copied from the page; a stock's dividends have rows of their own
    [
      "Yahoo's page",
      'Date\tOpen\tHigh\tLow\tClose Close price adjusted for splits.\tAdj Close Adjusted close price adjusted for splits and ' +
        'dividend and/or capital gain distributions.\tVolume\n' +
        'Sep 18, 2025\t2,410.00\t2,468.92\t2,408.10\t2,467.70\t1.00\t-\nSep 17, 2025\t2,403.00\t2,450.10\t2,390.20\t2,407.34\t1.00\t-\n' +
        'Aug 11, 2025\t0.26 Dividend\nJun 9, 2014\t7:1 Stock Splits\n',
    ],
    [
      "Yahoo's page of 2023, with its footnote",
      'Date\tOpen\tHigh\tLow\tClose*\tAdj Close**\tVolume\nSep 18, 2025\t2,410.00\t2,468.92\t2,408.10\t2,467.70\t1.00\t-\n' +
        'Sep 17, 2025\t2,403.00\t2,450.10\t2,390.20\t2,407.34\t1.00\t-\n' +
        '*Close price adjusted for splits.**Adjusted close price adjusted for both dividends and splits.\n',
    ],
    // yfinance#2269: since February 2025
    [
      "yfinance's download()",
      'Price,Close,High,Low,Open,Volume\nTicker,^RUT,^RUT,^RUT,^RUT,^RUT\nDate,,,,,\n' +
        '2025-09-17,2407.340087890625,2450.1,2390.2,2403.0,0\n2025-09-18,2467.699951171875,2468.9,2408.1,2410.0,0\n',
    ],
    [
      "yfinance's download() of several",
      'Price,Close,Close,High,High\nTicker,^GSPC,^RUT,^GSPC,^RUT\nDate,,,,\n2025-09-17,6600.35,2407.34,6624.4,2450.1\n2025-09-18,6631.96,2467.7,6656.8,2468.9\n',
    ],
    [
      'yfinance, grouped by symbol',
      'Ticker,^RUT,^RUT,^GSPC,^GSPC\nPrice,Open,Close,Open,Close\nDate,,,,\n2025-09-17,2403,2407.34,6604,6600.35\n2025-09-18,2410,2467.7,6627,6631.96\n',
    ],
    ['yfinance, older', ',Adj Close,Close\n,^RUT,^RUT\nDate,,\n2025-09-17,1,2407.34\n2025-09-18,1,2467.7\n'],
    [
      'yfinance after reset_index',
      'Price,Date,Close,High\nTicker,,^RUT,^RUT\n0,2025-09-17,2407.34,2450.1\n1,2025-09-18,2467.7,2468.9\n',
    ],
    [
      'yfinance without its index',
      'Date,Close,High\n,^RUT,^RUT\n2025-09-17,2407.34,2450.1\n2025-09-18,2467.7,2468.9\n',
    ],
    ["the closes of yfinance's download()", 'Date,^GSPC,^RUT\n2025-09-17,6600.35,2407.34\n2025-09-18,6631.96,2467.7\n'],
    // yfinance#1333
    [
      "yfinance's history()",
      'Date,Open,High,Low,Close,Volume,Dividends,Stock Splits\n' +
        '2025-09-17 00:00:00-04:00,2403.0,2450.1,2390.2,2407.340087890625,0,0.0,0.0\n' +
        '2025-09-18 00:00:00-04:00,2410.0,2468.9,2408.1,2467.699951171875,0,0.0,0.0\n',
    ],
    ["pandas' own numbers of rows", ',Date,Close\n0,2025-09-17,2407.34\n1,2025-09-18,2.4677e+03\n'],
    [
      'Investing.com',
      '\uFEFF"Date","Price","Open","High","Low","Vol.","Change %"\n' +
        '"09/18/2025","2,467.70","2,410.00","2,468.92","2,408.10","","2.51%"\n"09/17/2025","2,407.34","2,403.00","2,450.10","2,390.20","","0.18%"\n',
    ],
    [
      'Investing.com in Britain',
      '"Date","Price","Open","High","Low","Vol.","Change %"\n' +
        '"18/09/2025","2,467.70","2,410.00","2,468.92","2,408.10","","2.51%"\n"17/09/2025","2,407.34","2,403.00","2,450.10","2,390.20","","0.18%"\n',
    ],
    [
      'Investing.com of former years, with its summary',
      '"Date","Price","Open","High","Low","Vol.","Change %"\n' +
        '"Sep 18, 2025","2,467.70","2,410.00","2,468.92","2,408.10","-","2.51%"\n"Sep 17, 2025","2,407.34","2,403.00","2,450.10","2,390.20","-","0.18%"\n' +
        '"Highest: 2,468.92","Lowest: 2,390.20","Difference: 78.72","Average: 2,437.52","Change %: 2.51"\n',
    ],
    [
      'Investing.com in German',
      '"Datum","Zuletzt","Eröffn.","Hoch","Tief","Vol.","+/- %"\n' +
        '"18.09.2025","2.467,70","2.410,00","2.468,92","2.408,10","","2,51%"\n"17.09.2025","2.407,34","2.403,00","2.450,10","2.390,20","","0,18%"\n',
    ],
    [
      'Investing.com in French',
      '"Date","Dernier","Ouv."," Plus Haut","Plus Bas","Vol.","Variation %"\n' +
        '"18/09/2025","2.467,70","2.410,00","2.468,92","2.408,10","","2,51%"\n"17/09/2025","2.407,34","2.403,00","2.450,10","2.390,20","","0,18%"\n',
    ],
    [
      'Investing.com in Spanish',
      '"Fecha","Último","Apertura","Máximo","Mínimo","Vol.","% var."\n' +
        '"18.09.2025","2.467,70","2.410,00","2.468,92","2.408,10","","2,51%"\n"17.09.2025","2.407,34","2.403,00","2.450,10","2.390,20","","0,18%"\n',
    ],
    // nasdaq.com/market-activity/index/…/historical
    [
      'Nasdaq.com',
      'Date,Close/Last,Volume,Open,High,Low\n09/18/2025,$2467.70,N/A,$2410.00,$2468.92,$2408.10\n09/17/2025,2407.34,--,2403.00,2450.10,2390.20\n',
    ],
    ['Nasdaq.com with thousands', 'Date,Close/Last,Volume\n09/18/2025,"$2,467.70",0\n09/17/2025,"$2,407.34",0\n'],
    // fred.stlouisfed.org/graph/fredgraph.csv: holidays have a point, of late nothing
    ['FRED', 'observation_date,SP500\n2025-09-01,\n2025-07-04,.\n2025-09-17,2407.34\n2025-09-18,2467.7\n'],
    ['FRED of former years', 'DATE,RU2000PR\n2025-07-04,.\n2025-09-17,2407.34\n2025-09-18,2467.70\n'],
    // =GOOGLEFINANCE("INDEXRUSSELL:RUT", "close", …), downloaded
    ['Google Sheets', 'Date,Close\n9/17/2025 16:00:00,2407.34\n9/18/2025 16:00:00,2467.7\n'],
    ['Google Sheets in Britain', 'Date,Close\n17/09/2025 16:00:00,"2,407.34"\n18/09/2025 16:00:00,"2,467.70"\n'],
    ['Google Sheets in Germany', 'Date;Close\n17.09.2025 16:00:00;2407,34\n18.09.2025 16:00:00;2467,7\n'],
    ['German Excel', '\uFEFFDatum;Schlusskurs\r\n17.09.2025;2.407,34\r\n18.09.2025;2.467,70\r\n'],
    [
      'German Excel in Windows-1252',
      Buffer.from(
        'Datum;Eröffnung;Schlusskurs;\r\n17.09.2025;2403,00;2407,34;\r\n18.09.2025;2410,00;2467,70;;\r\nSumme;;4875,04;\r\n',
        'latin1',
      ),
    ],
    [
      "Excel's Unicode text, UTF-16",
      Buffer.from('\uFEFFDatum\tSchlusskurs\r\n17.09.2025\t2.407,34\r\n18.09.2025\t2.467,70\r\n', 'utf16le'),
    ],
    [
      'UTF-16, the other way round',
      Buffer.from('\uFEFFDatum;Schlusskurs\r\n17.09.2025;2407,34\r\n18.09.2025;2467,70\r\n', 'utf16le').swap16(),
    ],
    ['UTF-16 without its mark', Buffer.from('session,close\r\n2025-09-17,2407.34\r\n2025-09-18,2467.7\r\n', 'utf16le')],
    ["Excel's word for its delimiter", 'sep=;\r\nDate;Close\r\n17.09.2025;2407,34\r\n18.09.2025;2467,70\r\n'],
    ['tabs', 'session\tclose\n2025-09-17\t2407.34\n2025-09-18\t2467.70\n'],
    ['German numbers with ISO dates', 'session;close\n2025-09-17;2407,34\n2025-09-18;2467,70\n'],
    ['Swiss numbers', "Datum;Schlusskurs\n17.09.2025;2'407.34\n18.09.2025;2’467.70\n"],
    ['French numbers', 'Date;Dernier\n17/09/2025;2\u202f407,34\n18/09/2025;2\u00a0467,70\n'],
    // comdirect: the name of the security above
    [
      'a bank',
      'RUSSELL 2000 (WKN: A0D8Q0 Börse: Frankfurt)\n\nDatum;Eröffnung;Hoch;Tief;Schluss;Volumen\n17.09.2025;2.403,00;2.450,10;2.390,20;2.407,34;0,00\n18.09.2025;2.410,00;2.468,92;2.408,10;2.467,70;0,00\n',
    ],
    [
      'Barchart',
      'Time,Open,High,Low,Latest,Change,%Change,Volume\n2025-09-18,2410,2468.92,2408.1,2467.7,60.36,+2.51%,0\n2025-09-17,2403,2450.1,2390.2,2407.34,4.31,+0.18%,0\n' +
        '"Downloaded from Barchart.com as of 09-19-2025 04:12am CDT"\n',
    ],
    [
      'The Wall Street Journal',
      'Date, Open, High, Low, Close\n09/18/25, 2410.00, 2468.92, 2408.10, 2467.70\n09/17/25, 2403.00, 2450.10, 2390.20, 2407.34\n',
    ],
    ['MarketWatch', 'Date, "Open", "Close"\n09/18/2025, "2,410.00", "2,467.70"\n09/17/2025, "2,403.00", "2,407.34"\n'],
    [
      'the symbol in each row',
      'Date,Ticker,Close\n2025-09-17,^GSPC,6600.35\n2025-09-17,^rut,2407.34\n2025-09-18,^GSPC,6631.96\n2025-09-18,^rut,2467.7\n',
    ],
    [
      'two downloads joined, which overlap',
      'session,close\n2025-09-17,2407.34\n2025-09-17,2407.340087890625\n2025-09-18,\n2025-09-18,2467.7\n',
    ],
  ])('%s', (_what, content) => {
    expect(closesIn(content).filter((row) => !row.endsWith('none'))).toEqual(TWO);
  });

  test.each(['RUT', 'Russell 2000'])('with the name of another service, %s', (name) => {
    expect(closesIn(`Date,Symbol,Close\n2025-09-18,${name},2467.7\n`)).toEqual(['2025-09-18 2467.70']);
  });

  test('with Stooq’s own symbol', () => {
    const text = '<TICKER>,<PER>,<DATE>,<CLOSE>\n^SPX,D,20250918,6631.96\n';
    expect(closesIn(text, { symbol: '^GSPC' })).toEqual(['2025-09-18 6631.96']);
  });

  test('highs come along', () => {
    const text = '"Datum","Zuletzt","Eröffn.","Hoch"\n"18.09.2025","2.467,70","2.410,00","2.468,92"\n';
    expect(readCsv(file(text), '', RUT)).toEqual([{ session: '2025-09-18', close: 2467.7, high: 2468.92 }]);
  });
});

describe('numbers', () => {
  test.each([
    ['2467.7', 2467.7],
    ['"2,467.70"', 2467.7],
    ['"$2,467.70"', 2467.7],
    ['"12,345,678.90"', 12_345_678.9],
    ['"1,00,467.70"', 100_467.7],
    ['"2.467,70"', 2467.7],
    ['"2467,7"', 2467.7],
    ['"2 467,70 €"', 2467.7],
    ['2.467699951171875e+03', 2467.699951171875],
    ['1e-05', 0.000_01],
    ['.5', 0.5],
    ['0.125', 0.125],
    ['"0,125"', 0.125],
    ['-5', -5],
    ['\u22125', -5],
  ])('%s', (cell, close) => {
    expect(readCsv(file(`session,close\n2025-09-18,${cell}\n`))).toEqual([{ session: '2025-09-18', close }]);
  });

  test.each(['', '.', '-', 'NaN', 'nan', 'N/A', 'NA', 'null', '#N/A', ' '])("'%s' is a missing close", (cell) => {
    expect(closesIn(`session,close\n2025-09-17,${cell}\n2025-09-18,2467.7\n`)).toEqual([
      '2025-09-17 none',
      '2025-09-18 2467.70',
    ]);
  });

  test.each([
    'closed',
    '..',
    '?',
    '0x10',
    '1_000',
    '2467.70x',
    '"2,46,7.70"',
    '"2.467.70"',
    '"2,467,70"',
    '1e999',
    '1 2',
    '12.',
  ])('%s is none', (cell) => {
    expect(refusalOf(`session,close\n2025-09-17,"1"\n2025-09-18,${cell}\n`)).toMatch(
      /, line 3 '2025-09-18,.*' is not a number$/,
    );
  });

  test.each([
    ['"1,234"', '"2,407.34"', 1234],
    ['"1,234"', '"2407,34"', 1.234],
    ['"1.234"', '"2.407,34"', 1234],
    ['"1.234"', '987.65', 1.234],
    ['"1,234"', '"1,234,567"', 1234],
    ['"1.234"', '"0.5"', 1.234],
  ])('%s is read as the %s of another row', (cell, other, close) => {
    expect(readCsv(file(`session,close\n2025-09-17,${other}\n2025-09-18,${cell}\n`)).at(-1)?.close).toBe(close);
  });

  test('other columns of whole closes tell: Brazil’s index has no decimals', () => {
    const text =
      '"Data","Último","Abertura","Máxima","Mínima","Vol.","Var%"\n"17.08.2023","114.982","115.592","116.610","114.859","12,75M","-0,53%"\n';
    expect(closesIn(text, { symbol: '^BVSP', exchange: exchangeIn('America/Sao_Paulo', '17:00') })).toEqual([
      '2023-08-17 114982.00',
    ]);
  });

  test('in a plain file a point is the decimal mark, as a comma would end the cell', () => {
    expect(closesIn('session,close\n2025-09-17,2.407\n2025-09-18,2.467\n')).toEqual([
      '2025-09-17 2.41',
      '2025-09-18 2.47',
    ]);
  });

  test.each([
    [
      'session,close\n2025-09-18,"2,467"\n',
      `, line 2 '2025-09-18,"2,467"': nothing in the file tells whether '2,467' is 2467 or 2.467`,
    ],
    [
      'session;close\n2025-09-18;2.467\n',
      ", line 2 '2025-09-18;2.467': nothing in the file tells whether '2.467' is 2.467 or 2467",
    ],
    [
      'Date,Close\n18.09.2025,2.467\n',
      ", line 2 '18.09.2025,2.467': nothing in the file tells whether '2.467' is 2.467 or 2467",
    ],
    [
      'session;close\n2025-09-17;2.467,70\n2025-09-18;2,407.34\n',
      ", line 3 '2025-09-18;2,407.34': '2,407.34' is written with another decimal mark than '2.467,70' on line 2",
    ],
  ])('are never guessed: %j', (text, told) => {
    expect(refusalOf(text)).toContain(told);
  });
});

describe('dates', () => {
  const dated = (...cells: readonly string[]) =>
    readCsv(file(`Date;Close\n${cells.map((cell, at) => `${cell};${at + 1}.5`).join('\n')}\n`), '', RUT).map(
      ({ session }) => session,
    );

  test.each([
    '2025-09-18',
    '2025/09/18',
    '2025-9-18',
    '20250918',
    '2025-09-18 00:00:00',
    '2025-09-18 00:00:00-04:00',
    '2025-09-18T20:00:00.000Z',
    '2025-09-18 16:00 EDT',
    '09/18/2025',
    '9/18/2025',
    '9/18/2025 16:00:00',
    '9/18/2025 4:00:00 PM',
    '18/09/2025',
    '18-09-2025',
    '18.09.2025',
    '18.9.25',
    'Sep 18, 2025',
    'September 18, 2025',
    'Thu, Sep 18, 2025',
    '18 Sep 2025',
    '18-SEP-2025',
    '18-Sep-25',
    '18. September 2025',
  ])('%s', (cell) => {
    expect(dated(cell)).toEqual(['2025-09-18']);
  });

  test('of other languages and of another century', () => {
    expect(dated('14. Mai 2025', '3. März 2025', '10. Dez. 2024')).toEqual(['2024-12-10', '2025-03-03', '2025-05-14']);
    expect(dated('09/18/87')).toEqual(['1987-09-18']);
  });

  test('of a file are read in one order, by the first row that tells', () => {
    expect(dated('09/10/2025', '09/18/2025')).toEqual(['2025-09-10', '2025-09-18']);
    expect(dated('10/09/2025', '18/09/2025')).toEqual(['2025-09-10', '2025-09-18']);
  });

  test('are ordered by days without trading where no day is over twelve', () => {
    // 9 November 2025 is a Sunday.
    expect(dated('09/12/2025', '09/11/2025', '09/10/2025', '09/09/2025')).toEqual([
      '2025-09-09',
      '2025-09-10',
      '2025-09-11',
      '2025-09-12',
    ]);
    expect(dated('12/09/2025', '11/09/2025', '10/09/2025', '09/09/2025').at(-1)).toBe('2025-09-12');
    // 7 September 2025 is a Sunday; 4 July, a holiday, has no value, so that nothing speaks against it.
    const text = 'Date,Close\n07/03/2025,1\n07/04/2025,.\n07/08/2025,1\n07/09/2025,1\n';
    expect(closesIn(text)).toEqual(['2025-07-03 1.00', '2025-07-08 1.00', '2025-07-09 1.00']);
  });

  test('are ordered by the rows where all days could have been', () => {
    expect(dated('10/06/2025', '10/07/2025', '11/03/2025', '11/04/2025')).toEqual([
      '2025-10-06',
      '2025-10-07',
      '2025-11-03',
      '2025-11-04',
    ]);
  });

  test.each([
    [
      ['09/10/2025', '09/09/2025'],
      "nothing in the file tells whether '09/10/2025' is 2025-09-10 or 2025-10-09; write dates as YYYY-MM-DD",
    ],
    [
      ['09/18/2025', '09/10/2025', '19/09/2025'],
      "line 4 '19/09/2025;3.5': '19/09/2025' is not a date month/day/year, as '09/18/2025' on line 2 is",
    ],
    [['18.09.2025', '31.09.2025'], "line 3 '31.09.2025;2.5': '31.09.2025' is not a date YYYY-MM-DD"],
    [['2025-02-29'], "'2025-02-29' is not a date"],
    [['13/13/2025'], "'13/13/2025' is not a date"],
    [['45918'], "'45918' is not a date"],
    [['1758202200'], 'looks like a Unix time'],
    [['18 sept. de 2025'], 'is not a date'],
    [['2025-09'], 'is not a date'],
  ])('that tell nothing, or are none, are refused: %j', (cells, told) => {
    expect(() => dated(...cells)).toThrow(told);
  });

  test('of which the same is read in either order need no evidence', () => {
    expect(dated('09/09/2025', '10/10/2025')).toEqual(['2025-09-09', '2025-10-10']);
  });
});

describe('a line is refused by its number', () => {
  test.each([
    [
      'thousands without quotes',
      'session,close\n2025-09-17,2407.34\n2025-09-18,2,467.70\n',
      ", line 3 '2025-09-18,2,467.70': it has 3 fields, and the header 2; each line must have as many as the header, and a number with commas must be in quotes",
    ],
    [
      'a decimal comma without quotes',
      'session,close\n2025-09-17,2407,34\n',
      ", line 2 '2025-09-17,2407,34': it has 3 fields",
    ],
    [
      'a field too few',
      'Date,Open,Close\n2025-09-17,1,2407.34\n2025-09-18,1\n',
      ", line 3 '2025-09-18,1': it has 2 fields, and the header 3",
    ],
    ['a download cut off', 'session,close\n2025-09-17,2407.34\n2025-09-1', ", line 3 '2025-09-1': it has 1 fields"],
    [
      'a remark in the middle',
      'session,close\n2025-09-17,2407.34\nTotal,1\n2025-09-18,2467.7\n',
      ", line 3 'Total,1': 'Total' is not a date",
    ],
    ['counted with empty lines', '\n\nsession,close\n\n2025-09-18,high\n', ", line 5 '2025-09-18,high'"],
    [
      'counted with lines inside quotes',
      'session,close,note\n2025-09-17,1,"two\nlines"\n2025-09-18,high,\n',
      ", line 4 '2025-09-18,high,'",
    ],
    [
      'a session with two values',
      'session,close\n2025-09-18,2467.7\n2025-09-17,1\n2025-09-18,2448.77\n',
      ", line 4 '2025-09-18,2448.77': 2025-09-18 stands there twice, with 2467.7 on line 2",
    ],
    [
      'five minutes',
      '<TICKER>,<PER>,<DATE>,<CLOSE>\n^RUT,5,20250918,2467.7\n',
      "its period is '5'; only days (D) are closes",
    ],
    // Without auto_adjust=False, yfinance's Close is the adjusted one.
    [
      'dividends taken out',
      'Date,Close,Dividends,Stock Splits\n2025-09-16 00:00:00-04:00,238.34,0.8,0.0\n',
      ", line 2 '2025-09-16 00:00:00-04:00,238.34,0.8,0.0': a dividend of 0.8 without a column 'Adj Close'",
    ],
  ])('%s', (_what, text, told) => {
    expect(refusalOf(text)).toContain(told);
  });
});

describe('a table is refused as a whole', () => {
  const HEADER = 'it must name the columns session,close (or Date,Close); tables of Stooq, Yahoo,';
  test.each<[what: string, content: string | Buffer, told: string]>([
    ['other columns', 'day;course\n2025-09-18;1\n', `: the first line is 'day;course'; ${HEADER}`],
    ['the adjusted close alone', 'Date,Adj Close\n2025-09-18,1\n', `: the first line is 'Date,Adj Close'; ${HEADER}`],
    ['an opening alone', 'DATE,OPEN\n2025-09-18,1\n', HEADER],
    ["Stooq's limit", 'Exceeded the daily hits limit', HEADER],
    ['nothing', '', HEADER],
    ['only line ends', '\n\r\n\n', HEADER],
    [
      'the closes of another',
      'Price,Close\nTicker,^GSPC\nDate,\n2025-09-18,6631.96\n',
      ", line 2 'Ticker,^GSPC': it has the closes of ^GSPC, and none of ^RUT",
    ],
    [
      'the closes of others',
      'Date,^GSPC,^DJI\n2025-09-18,6631.96,46142.42\n',
      ", line 1 'Date,^GSPC,^DJI': it has columns for ^GSPC, ^DJI, and none for ^RUT",
    ],
    [
      'rows of others',
      'Date,Symbol,Close\n2025-09-18,^GSPC,6631.96\n2025-09-18,^DJI,46142.42\n',
      ': it has the closes of ^GSPC, ^DJI, and none of ^RUT',
    ],
    [
      'rows of another',
      'Date,Symbol,Close\n2025-09-18,^GSPC,6631.96\n',
      ': it has the closes of ^GSPC, and none of ^RUT',
    ],
    ['two columns of closes', 'Date,Close,Close\n2025-09-18,1,2\n', "two columns are named 'Close'"],
    [
      'a web page',
      '\uFEFF<!DOCTYPE html>\n<html><body>Date,Close</body></html>',
      ' is a web page; save the table as CSV, with the columns session,close',
    ],
    ['a PDF', '%PDF-1.7\n', ' is a PDF;'],
    [
      'an Excel workbook',
      Buffer.from([0x50, 0x4b, 3, 4, 20, 0, 8, 0]),
      ' is a zip archive or an Excel workbook (.xlsx);',
    ],
    ['an old Excel workbook', Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1]), ' is an old Excel workbook (.xls);'],
    ['bytes', Buffer.from([1, 2, 3, 0, 0, 0, 9]), ' is not text;'],
    ['JSON', '{"chart":{}}', ' is JSON;'],
  ])('%s', (_what, content, told) => {
    expect(refusalOf(content)).toContain(told);
  });
});

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
