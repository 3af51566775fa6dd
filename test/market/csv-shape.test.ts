import { describe, expect, test } from 'vitest';
import { readCsv } from '../../src/market/csv.ts';

import { closesIn, file, RUT, refusalOf, TWO } from './csv-example.ts';

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

describe('a table is refused as a whole', () => {
  const HEADER = 'it must name the columns session,close (or Date,Close); downloads from Stooq, Yahoo,';
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
      ", line 2 'Ticker,^GSPC': it has the closes of ^GSPC, but none of ^RUT",
    ],
    [
      'the closes of others',
      'Date,^GSPC,^DJI\n2025-09-18,6631.96,46142.42\n',
      ", line 1 'Date,^GSPC,^DJI': it has columns for ^GSPC, ^DJI, but none for ^RUT",
    ],
    [
      'rows of others',
      'Date,Symbol,Close\n2025-09-18,^GSPC,6631.96\n2025-09-18,^DJI,46142.42\n',
      ': it has the closes of ^GSPC, ^DJI, but none of ^RUT',
    ],
    [
      'rows of another',
      'Date,Symbol,Close\n2025-09-18,^GSPC,6631.96\n',
      ': it has the closes of ^GSPC, but none of ^RUT',
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
