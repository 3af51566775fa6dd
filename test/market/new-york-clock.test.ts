import { describe, expect, test } from 'vitest';
import {
  CLOSE_LAG_MS,
  closingTime,
  lastSessionOver,
  newYorkDate,
  newYorkInstant,
  newYorkTime as newYorkTimeByRule,
  sessionsBetween,
} from '../../src/market/new-york.ts';

// Early closes: from 2022 on those of the announcements that new-york-sessions.test.ts names, before that those of the
// Python package pandas_market_calendars (exchange_calendar_nyse.py). In 2013 a Wednesday 3 July closed early for the
// first time.
const PUBLISHED_EARLY_CLOSES: Readonly<Record<number, string>> = {
  2013: '07-03 11-29 12-24',
  2014: '07-03 11-28 12-24',
  2015: '11-27 12-24',
  2016: '11-25',
  2017: '07-03 11-24',
  2018: '07-03 11-23 12-24',
  2019: '07-03 11-29 12-24',
  2020: '11-27 12-24',
  2021: '11-26',
  2022: '11-25',
  2023: '07-03 11-24',
  2024: '07-03 11-29 12-24',
  2025: '07-03 11-28 12-24',
  2026: '11-27 12-24',
  2027: '11-26',
  2028: '07-03 11-24',
};

describe('closing times', () => {
  test('are 16:00 in New York: 21:00 UTC in winter, 20:00 UTC in summer', () => {
    expect(utc(closingTime('2025-01-15'))).toBe('2025-01-15T21:00:00.000Z');
    expect(utc(closingTime('2025-07-15'))).toBe('2025-07-15T20:00:00.000Z');
  });

  // Since 2007 clocks change on the second Sunday in March and the first in November (Energy Policy Act of 2005);
  // before, on the first Sunday in April (until 1986 the last) and the last in October.
  test.each([
    ['2025-03-07', '21', '2025-03-10', '20'],
    ['2025-10-31', '20', '2025-11-03', '21'],
    ['2006-03-31', '21', '2006-04-03', '20'],
    ['2006-10-27', '20', '2006-10-30', '21'],
    ['1986-04-25', '21', '1986-04-28', '20'],
  ])('follow the clock change between %s (%s:00 UTC) and %s (%s:00 UTC)', (before, hourBefore, after, hourAfter) => {
    expect(utc(closingTime(before))).toBe(`${before}T${hourBefore}:00:00.000Z`);
    expect(utc(closingTime(after))).toBe(`${after}T${hourAfter}:00:00.000Z`);
  });

  test('are 13:00 in New York on early closes: 17:00 UTC in summer, 18:00 UTC in winter', () => {
    expect(utc(closingTime('2025-07-03'))).toBe('2025-07-03T17:00:00.000Z');
    expect(utc(closingTime('2025-11-28'))).toBe('2025-11-28T18:00:00.000Z');
    expect(utc(closingTime('2025-12-24'))).toBe('2025-12-24T18:00:00.000Z');
  });

  test.each(Object.entries(PUBLISHED_EARLY_CLOSES))('in %s are early on the published sessions only', (year, early) => {
    const sessions = sessionsBetween(`${year}-01-01`, `${year}-12-31`);
    const hours = new Map(sessions.map((session) => [session, newYorkTime(closingTime(session))]));
    expect(sessions.filter((session) => hours.get(session) === '13:00')).toEqual(
      early.split(' ').map((d) => `${year}-${d}`),
    );
    expect(new Set(hours.values())).toEqual(new Set(['13:00', '16:00']));
  });

  test('are 16:00 throughout before 2013, never earlier than the real ones', () => {
    const times = sessionsBetween('1978-12-29', '2012-12-31').map((session) => newYorkTime(closingTime(session)));
    expect(new Set(times)).toEqual(new Set(['16:00']));
  });
});

describe('the date in New York', () => {
  test.each([
    ['2025-01-15T04:59:59.999Z', '2025-01-14', 'the last millisecond of a winter day'],
    ['2025-01-15T05:00:00.000Z', '2025-01-15', 'midnight in winter'],
    ['2025-07-15T03:59:59.999Z', '2025-07-14', 'the last millisecond of a summer day'],
    ['2025-07-15T04:00:00.000Z', '2025-07-15', 'midnight in summer'],
    ['2025-03-09T04:59:59.999Z', '2025-03-08', 'before the day clocks go forward'],
    ['2025-03-10T03:59:59.999Z', '2025-03-09', 'the end of the day clocks go forward'],
    ['2025-03-10T04:00:00.000Z', '2025-03-10', 'the day after it'],
    ['2025-11-02T04:00:00.000Z', '2025-11-02', 'the day clocks go back'],
    ['2025-11-03T04:59:59.999Z', '2025-11-02', 'its twenty-fifth hour'],
    ['2025-11-03T05:00:00.000Z', '2025-11-03', 'the day after it'],
    ['2025-01-01T00:30:00.000Z', '2024-12-31', 'while it is New Year in London'],
    ['1969-12-31T12:00:00.000Z', '1969-12-31', 'before 1970'],
  ])('at %s is %s: %s', (instant, date) => {
    expect(newYorkDate(Date.parse(instant))).toBe(date);
  });

  test('agrees with Intl in every hour of two years', () => {
    const intl = new Intl.DateTimeFormat('en-CA', { timeZone: 'America/New_York' });
    for (let now = Date.UTC(2024, 0, 1); now < Date.UTC(2026, 0, 1); now += 3_600_000) {
      if (newYorkDate(now) !== intl.format(now)) expect.fail(`${utc(now)} is ${intl.format(now)} in New York`);
    }
  });
});

describe('the last session that is over', () => {
  test('waits 35 minutes after the close', () => {
    expect(CLOSE_LAG_MS).toBe(2_100_000);
  });

  // Offsets are those of New York: -04:00 in summer, -05:00 in winter.
  test.each([
    ['2025-09-18T09:00:00-04:00', '2025-09-17', 'in the morning before the open'],
    ['2025-09-18T15:59:00-04:00', '2025-09-17', 'a minute before the close'],
    ['2025-09-18T16:00:00-04:00', '2025-09-17', 'at the close'],
    ['2025-09-18T16:34:00-04:00', '2025-09-17', 'a minute before it has settled'],
    ['2025-09-18T16:34:59.999-04:00', '2025-09-17', 'a millisecond before it has settled'],
    ['2025-09-18T16:35:00-04:00', '2025-09-18', 'once it has settled'],
    ['2025-09-18T23:59:00-04:00', '2025-09-18', 'late in the evening, when it is tomorrow in London'],
    ['2025-09-19T09:00:00-04:00', '2025-09-18', 'the next morning'],
    ['2025-09-20T12:00:00-04:00', '2025-09-19', 'on Saturday'],
    ['2025-09-21T18:00:00-04:00', '2025-09-19', 'on Sunday'],
    ['2025-09-22T16:34:00-04:00', '2025-09-19', 'on Monday before it has settled'],
    ['2025-07-03T12:59:00-04:00', '2025-07-02', 'a minute before an early close'],
    ['2025-07-03T13:34:00-04:00', '2025-07-02', 'a minute before an early close has settled'],
    ['2025-07-03T13:35:00-04:00', '2025-07-03', 'once an early close has settled'],
    ['2025-07-04T17:00:00-04:00', '2025-07-03', 'on a holiday'],
    ['2025-11-28T13:34:00-05:00', '2025-11-26', 'before the close after Thanksgiving has settled'],
    ['2025-11-28T13:35:00-05:00', '2025-11-28', 'once the close after Thanksgiving has settled'],
    ['2025-01-15T16:34:00-05:00', '2025-01-14', 'in winter, a minute before it has settled'],
    ['2025-01-15T16:35:00-05:00', '2025-01-15', 'in winter, once it has settled'],
    ['2025-03-10T16:34:00-04:00', '2025-03-07', 'the day after clocks went forward, before it has settled'],
    ['2025-03-10T16:35:00-04:00', '2025-03-10', 'the day after clocks went forward, once it has settled'],
    ['2001-09-16T12:00:00-04:00', '2001-09-10', 'during a long closure'],
  ])('at %s is %s: %s', (now, session) => {
    expect(lastSessionOver(Date.parse(now))).toBe(session);
  });
});

test('New York time is that of the time zone database at every hour around every change of the clocks', () => {
  const format = new Intl.DateTimeFormat('sv-SE', {
    timeZone: 'America/New_York',
    dateStyle: 'short',
    timeStyle: 'short',
  });
  for (let year = 1979; year <= 2035; year++) {
    for (const [from, to] of [
      ['03-01', '05-05'],
      ['10-20', '11-10'],
    ]) {
      const end = Date.parse(`${year}-${to}T00:00:00Z`);
      for (let now = Date.parse(`${year}-${from}T00:30:00Z`); now < end; now += 3_600_000) {
        const there = format.format(now);
        if (`${newYorkDate(now)} ${newYorkTimeByRule(now)}` !== there) {
          expect.fail(`${new Date(now).toISOString()} is ${there} in New York`);
        }
      }
    }
  }
  expect(newYorkTimeByRule(Date.parse('2025-09-18T20:45:00Z'))).toBe('16:45');
});

test('the instant of a time of day is the inverse of the time of day of an instant', () => {
  // Around the changes of the clocks of 2025, 9 March and 2 November; 02:30 on 9 March is no time in New York.
  for (const date of ['2025-03-08', '2025-03-09', '2025-03-10', '2025-11-01', '2025-11-02', '2025-11-03']) {
    for (const time of ['00:00', '00:30', '03:00', '08:30', '16:45', '23:59']) {
      const instant = newYorkInstant(date, time);
      expect(`${newYorkDate(instant)} ${newYorkTimeByRule(instant)}`).toBe(`${date} ${time}`);
    }
  }
});

function utc(instant: number): string {
  return new Date(instant).toISOString();
}

const clock = new Intl.DateTimeFormat('en-GB', { timeZone: 'America/New_York', timeStyle: 'short' });

function newYorkTime(instant: number): string {
  return clock.format(instant);
}
