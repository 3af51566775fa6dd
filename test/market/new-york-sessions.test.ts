import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  closingTime,
  isLastOfWeek,
  isTradingDay,
  nextSession,
  previousSession,
  sessionsBetween,
} from '../../src/market/new-york.ts';
import { isDate, toDate, toDay } from '../../src/market/session.ts';

// Holidays as the exchange printed them: 'NYSE Group Announces 2022, 2023 and 2024 Holiday and Early Closings Calendar'
// (2021-12-27), '… 2025, 2026 and 2027 …' (2024-11-08) and '… 2026, 2027 and 2028 …' (2025-12-23); the current ones are
// at https://www.nyse.com/markets/hours-calendars. Observed days stand where they are observed.
const PUBLISHED_HOLIDAYS: Readonly<Record<number, string>> = {
  2022: '01-17 02-21 04-15 05-30 06-20 07-04 09-05 11-24 12-26',
  2023: '01-02 01-16 02-20 04-07 05-29 06-19 07-04 09-04 11-23 12-25',
  2024: '01-01 01-15 02-19 03-29 05-27 06-19 07-04 09-02 11-28 12-25',
  2025: '01-01 01-09 01-20 02-17 04-18 05-26 06-19 07-04 09-01 11-27 12-25', // 9 January: mourning for President Carter
  2026: '01-01 01-19 02-16 04-03 05-25 06-19 07-03 09-07 11-26 12-25',
  2027: '01-01 01-18 02-15 03-26 05-31 06-18 07-05 09-06 11-25 12-24',
  2028: '01-17 02-21 04-14 05-29 06-19 07-04 09-04 11-23 12-25',
};

describe('trading days', () => {
  test.each(Object.entries(PUBLISHED_HOLIDAYS))(
    'in %s are all weekdays but the published holidays',
    (year, holidays) => {
      expect(closedWeekdays(`${year}-01-01`, `${year}-12-31`)).toEqual(
        holidays.split(' ').map((day) => `${year}-${day}`),
      );
    },
  );

  test('leave out Saturday and Sunday', () => {
    expect(open('2025-09-19', '2025-09-20', '2025-09-21', '2025-09-22')).toEqual([true, false, false, true]);
  });

  test('leave out New Year on a Sunday on the Monday after', () => {
    expect(open('2005-12-30', '2006-01-02', '2006-01-03')).toEqual([true, false, true]);
    expect(open('2016-12-30', '2017-01-02', '2017-01-03')).toEqual([true, false, true]);
  });

  test('include Friday 31 December when New Year is a Saturday, and the Monday after', () => {
    expect(open('1982-12-31', '1993-12-31', '1999-12-31', '2004-12-31', '2010-12-31', '2021-12-31')).not.toContain(
      false,
    );
    expect(open('1983-01-03', '1994-01-03', '2000-01-03', '2005-01-03', '2011-01-03', '2022-01-03')).not.toContain(
      false,
    );
  });

  test('leave out Martin Luther King Day from 1998 on, and not before', () => {
    expect(open('1996-01-15', '1997-01-20', '1998-01-19', '1999-01-18')).toEqual([true, true, false, false]);
  });

  test('leave out Juneteenth from 2022 on, and not before', () => {
    expect(open('2020-06-19', '2021-06-18', '2021-06-21', '2022-06-20')).toEqual([true, true, true, false]);
  });

  // Two days before the Easter Sundays that Python's dateutil.easter gives.
  test.each([
    ['1979-04-13', 'the first of the span'],
    ['1981-04-17', 'which plain tables of moons put a week later'],
    ['2000-04-21', 'a leap year that ends a century'],
    ['2008-03-21', 'the earliest Easter but one'],
    ['2011-04-22', 'a late one'],
    ['2025-04-18', 'of the year of the article'],
    ['2038-04-23', 'the latest Easter there is'],
    ['2049-04-16', 'which they put a week later as well'],
    ['2076-04-17', 'and once more'],
  ])('leave out Good Friday %s, %s, and include the days around it', (goodFriday) => {
    const day = toDay(goodFriday);
    expect(closedWeekdays(toDate(day - 4), toDate(day + 4))).toEqual([goodFriday]);
  });

  test('leave out Friday 3 July when 4 July is a Saturday, and Monday 5 July when it is a Sunday', () => {
    expect(open('2015-07-02', '2015-07-03', '2015-07-06')).toEqual([true, false, true]);
    expect(open('2021-07-02', '2021-07-05', '2021-07-06')).toEqual([true, false, true]);
  });

  test('leave out Friday 24 December when Christmas is a Saturday, and Monday 26 December when it is a Sunday', () => {
    expect(open('2010-12-23', '2010-12-24', '2010-12-27')).toEqual([true, false, true]);
    expect(open('2016-12-23', '2016-12-26', '2016-12-27')).toEqual([true, false, true]);
  });

  test('include federal holidays that the exchange does not keep', () => {
    expect(open('2025-10-13', '2025-11-11')).toEqual([true, true]); // Columbus Day, Veterans Day
    expect(open('1984-11-06', '2024-11-05')).toEqual([true, true]); // presidential elections after 1980
  });

  // From the exchange's own list of closings since 1885, and its later announcements:
  // https://github.com/rsheftel/pandas_market_calendars/files/6827110/Stocks.NYSE-Closings.pdf
  test.each([
    ['the election of 1980', '1980-11-03', '1980-11-05', ['1980-11-04']],
    ['Hurricane Gloria', '1985-09-26', '1985-09-30', ['1985-09-27']],
    ['President Nixon', '1994-04-26', '1994-04-28', ['1994-04-27']],
    ['11 September', '2001-09-10', '2001-09-17', ['2001-09-11', '2001-09-12', '2001-09-13', '2001-09-14']],
    ['President Reagan', '2004-06-10', '2004-06-14', ['2004-06-11']],
    ['President Ford', '2006-12-29', '2007-01-03', ['2007-01-01', '2007-01-02']],
    ['Hurricane Sandy', '2012-10-26', '2012-10-31', ['2012-10-29', '2012-10-30']],
    ['President George H. W. Bush', '2018-12-04', '2018-12-06', ['2018-12-05']],
    ['President Carter', '2025-01-08', '2025-01-10', ['2025-01-09']],
  ])('leave out the special closure for %s, and no day more', (_reason, from, to, closed) => {
    expect(closedWeekdays(from, to)).toEqual(closed);
  });

  test('come in the number known for whole years', () => {
    // Counted in the real closes of ^GSPC.
    expect(sessionsBetween('2001-01-01', '2001-12-31')).toHaveLength(248);
    expect(sessionsBetween('2012-01-01', '2012-12-31')).toHaveLength(250);
  });
});

describe('moving between sessions', () => {
  test('sessionsBetween includes both ends and ascends', () => {
    expect(sessionsBetween('2025-07-02', '2025-07-07')).toEqual(['2025-07-02', '2025-07-03', '2025-07-07']);
    expect(sessionsBetween('2025-09-18', '2025-09-18')).toEqual(['2025-09-18']);
  });

  test('sessionsBetween runs over the turn of a year', () => {
    expect(sessionsBetween('2024-12-31', '2025-01-03')).toEqual(['2024-12-31', '2025-01-02', '2025-01-03']);
  });

  test('sessionsBetween knows leap days', () => {
    expect(sessionsBetween('2024-02-28', '2024-03-01')).toEqual(['2024-02-28', '2024-02-29', '2024-03-01']);
  });

  test('sessionsBetween is empty where there is no session, and from a later date to an earlier one', () => {
    expect(sessionsBetween('2025-09-20', '2025-09-21')).toEqual([]);
    expect(sessionsBetween('2025-09-19', '2025-09-18')).toEqual([]);
  });

  test('nextSession is strictly after, past weekends, holidays and closures', () => {
    expect(nextSession('2025-09-18')).toBe('2025-09-19');
    expect(nextSession('2025-08-29')).toBe('2025-09-02');
    expect(nextSession('2001-09-10')).toBe('2001-09-17');
    expect(nextSession('2025-09-20')).toBe('2025-09-22');
    expect(nextSession('2024-12-31')).toBe('2025-01-02');
  });

  test('previousSession is strictly before, past weekends, holidays and closures', () => {
    expect(previousSession('2025-09-19')).toBe('2025-09-18');
    expect(previousSession('2025-09-02')).toBe('2025-08-29');
    expect(previousSession('2001-09-17')).toBe('2001-09-10');
    expect(previousSession('2025-09-21')).toBe('2025-09-19');
    expect(previousSession('2025-01-02')).toBe('2024-12-31');
  });

  test('what is no date is refused by name instead of searched for ever', () => {
    for (const wrong of ['', '2025', '2025-02-30', 'tomorrow']) {
      const message = `'${wrong}' is not a date`;
      expect(() => isTradingDay(wrong)).toThrow(message);
      expect(() => nextSession(wrong)).toThrow(message);
      expect(() => previousSession(wrong)).toThrow(message);
      expect(() => closingTime(wrong)).toThrow(message);
      expect(() => sessionsBetween(wrong, '2025-09-18')).toThrow(message);
      expect(() => sessionsBetween('2025-09-18', wrong)).toThrow(message);
    }
  });
});

test.each([
  ['2025-09-18', false],
  ['2025-09-19', true],
  // Good Friday, and 4 July 2025, a Friday.
  ['2026-04-02', true],
  ['2025-07-03', true],
  // The Wednesday before Thanksgiving, and the Friday after it.
  ['2025-11-26', false],
  ['2025-11-28', true],
])('%s is the last session of its week: %s', (session, last) => {
  expect(isLastOfWeek(session)).toBe(last);
});

const MARKET_DATA = join(import.meta.dirname, '../../../shared/market-data');

// Neither file differs from the calendar in any session; a difference found later goes here, with its reason.
describe.each([
  ['^GSPC', '1978-12-29', 11_849],
  ['^RUT', '1987-09-10', 9_651],
] as const)('the real sessions of %s, %s to 2025-12-31', (symbol, from, count) => {
  const file = join(MARKET_DATA, `${symbol}.csv`);

  test('are exactly those of the calendar', (context) => {
    if (!existsSync(file)) context.skip(`${file} is not there: it is kept beside the project, not in it`);
    const real = sessionsOf(file);
    expect(real).toHaveLength(count);
    expect(sessionsBetween(from, '2025-12-31')).toEqual(real);
    expect(real.every((session) => isTradingDay(session))).toBe(true);
  });
});

function sessionsOf(file: string): string[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .map((line) => line.slice(0, 10))
    .filter((text) => isDate(text) && text <= '2025-12-31');
}

function open(...dates: string[]): boolean[] {
  return dates.map((date) => isTradingDay(date));
}

/** Weekdays without a session, told from `sessionsBetween` and weekday arithmetic of its own. */
function closedWeekdays(from: string, to: string): string[] {
  const sessions = new Set(sessionsBetween(from, to));
  const closed: string[] = [];
  for (let day = toDay(from); day <= toDay(to); day += 1) {
    const weekday = new Date(toDate(day)).getUTCDay();
    if (weekday !== 0 && weekday !== 6 && !sessions.has(toDate(day))) closed.push(toDate(day));
  }
  return closed;
}
