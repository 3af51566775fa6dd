import { describe, expect, test } from 'vitest';

import { refusalOf } from './csv-example.ts';

describe('a line is refused by its number', () => {
  test.each([
    [
      'thousands without quotes',
      'session,close\n2025-09-17,2407.34\n2025-09-18,2,467.70\n',
      ", line 3 '2025-09-18,2,467.70': it has 3 fields, but the header 2; each line needs as many as the header, and a number with commas must be in quotes",
    ],
    [
      'a decimal comma without quotes',
      'session,close\n2025-09-17,2407,34\n',
      ", line 2 '2025-09-17,2407,34': it has 3 fields",
    ],
    [
      'a field too few',
      'Date,Open,Close\n2025-09-17,1,2407.34\n2025-09-18,1\n',
      ", line 3 '2025-09-18,1': it has 2 fields, but the header 3",
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
      ", line 4 '2025-09-18,2448.77': 18 Sep 2025 appears twice, with 2467.7 on line 2",
    ],
    [
      'five minutes',
      '<TICKER>,<PER>,<DATE>,<CLOSE>\n^RUT,5,20250918,2467.7\n',
      "its period is '5'; only daily rows (D) have closes",
    ],
    // Without auto_adjust=False, yfinance's Close is the adjusted one.
    [
      'dividends taken out',
      'Date,Close,Dividends,Stock Splits\n2025-09-16 00:00:00-04:00,238.34,0.8,0.0\n',
      ", line 2 '2025-09-16 00:00:00-04:00,238.34,0.8,0.0': a dividend of 0.8 but no column 'Adj Close'",
    ],
  ])('%s', (_what, text, told) => {
    expect(refusalOf(text)).toContain(told);
  });
});
