import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { exchangeIn, NEW_YORK, timeOfDay } from '../../src/market/exchange.ts';
import { expectedSession, wasNone } from '../../src/market/expected-session.ts';

const BERLIN = exchangeIn('Europe/Berlin', '17:30');
const TOKYO = exchangeIn('Asia/Tokyo', '15:30');
const at = (instant: string) => Date.parse(instant);

describe('an exchange elsewhere', () => {
  test('has dates and times of its own', () => {
    // Berlin is two hours ahead of UTC in summer and one in winter, Tokyo nine.
    expect(new Date(BERLIN.closingTime('2025-07-04')).toISOString()).toBe('2025-07-04T15:30:00.000Z');
    expect(new Date(BERLIN.closingTime('2025-01-03')).toISOString()).toBe('2025-01-03T16:30:00.000Z');
    expect(new Date(TOKYO.closingTime('2025-07-04')).toISOString()).toBe('2025-07-04T06:30:00.000Z');
    expect(TOKYO.date(at('2025-07-03T20:00:00Z'))).toBe('2025-07-04');
    expect(timeOfDay('Asia/Tokyo', at('2025-07-04T06:30:00Z'))).toBe('15:30');
  });

  test('knows the days on which clocks change', () => {
    // https://en.wikipedia.org/wiki/Summer_time_in_Europe: 30 March and 26 October 2025, at 01:00 UTC.
    expect(new Date(BERLIN.instant('2025-03-30', '01:30')).toISOString()).toBe('2025-03-30T00:30:00.000Z');
    expect(new Date(BERLIN.instant('2025-03-30', '08:00')).toISOString()).toBe('2025-03-30T06:00:00.000Z');
    expect(new Date(BERLIN.instant('2025-10-26', '08:00')).toISOString()).toBe('2025-10-26T07:00:00.000Z');
  });

  test('is that of New York where the time zone is, with its holidays', () => {
    expect(exchangeIn('America/New_York', '13:00')).toBe(NEW_YORK);
    expect(NEW_YORK.knowsHolidays).toBe(true);
    expect(NEW_YORK.isTradingDay('2025-07-04')).toBe(false);
  });

  test('trades on every weekday that it may, the fourth of July too', () => {
    expect(BERLIN.isTradingDay('2025-07-04')).toBe(true);
    expect(BERLIN.sessionsBetween('2025-07-03', '2025-07-08')).toEqual([
      '2025-07-03',
      '2025-07-04',
      '2025-07-07',
      '2025-07-08',
    ]);
    expect(BERLIN.nextSession('2025-07-04')).toBe('2025-07-07');
    expect(BERLIN.previousSession('2025-07-07')).toBe('2025-07-04');
  });

  test('may trade on Sundays where people do', () => {
    const riyadh = exchangeIn('Asia/Riyadh', '15:00');
    expect(riyadh.isTradingDay('2025-07-06')).toBe(true);
    expect(BERLIN.isTradingDay('2025-07-06')).toBe(false);
  });

  test('ends its session 35 minutes after its close', () => {
    expect(BERLIN.lastSessionOver(at('2025-07-04T16:04:00Z'))).toBe('2025-07-03');
    expect(BERLIN.lastSessionOver(at('2025-07-04T16:05:00Z'))).toBe('2025-07-04');
    expect(BERLIN.lastSessionOver(at('2025-07-06T12:00:00Z'))).toBe('2025-07-04');
  });

  test('has no gap where holidays may be longer', () => {
    // Golden Week 2019: Tokyo was closed from 27 April to 6 May.
    expect(TOKYO.isNext('2019-04-26', '2019-05-07')).toBe(true);
    expect(TOKYO.isNext('2019-04-01', '2019-05-07')).toBe(false);
    expect(NEW_YORK.isNext('2025-07-03', '2025-07-07')).toBe(true);
    expect(NEW_YORK.isNext('2025-07-02', '2025-07-07')).toBe(false);
  });

  test('cannot be in a time zone that there is not', () => {
    expect(() => exchangeIn('Mars/Phobos', '16:00')).toThrow(RangeError);
  });

  test('says of the instant of a date and a time that date and that time', () => {
    const zone = fc.constantFrom(
      'Europe/London',
      'Asia/Kolkata',
      'Australia/Sydney',
      'America/Sao_Paulo',
      'Asia/Tokyo',
    );
    const day = fc
      .integer({ min: 0, max: 20_000 })
      .map((days) => new Date(days * 86_400_000).toISOString().slice(0, 10));
    fc.assert(
      fc.property(zone, day, (timeZone, date) => {
        const exchange = exchangeIn(timeZone, '12:00');
        const instant = exchange.instant(date, '12:00');
        expect(exchange.date(instant)).toBe(date);
        expect(timeOfDay(timeZone, instant)).toBe('12:00');
      }),
      { seed: 20250918 },
    );
  });
});

describe('the session that is expected', () => {
  const easterMonday = '2025-04-21';
  const evening = at('2025-04-21T20:00:00Z');

  test('is the last weekday until a look finds that nothing was traded', () => {
    expect(expectedSession(BERLIN, undefined, evening)).toBe(easterMonday);
    const beforeTheClose = { at: at('2025-04-21T12:00:00Z'), lastTrade: '2025-04-17' };
    expect(expectedSession(BERLIN, beforeTheClose, evening)).toBe(easterMonday);
    // Good Friday was none either.
    const afterIt = { at: evening, lastTrade: '2025-04-17' };
    expect(expectedSession(BERLIN, afterIt, evening)).toBe('2025-04-17');
    expect(wasNone(BERLIN, afterIt, '2025-04-18')).toBe(true);
    expect(wasNone(BERLIN, afterIt, '2025-04-17')).toBe(false);
  });

  test('is not given up because a source does not tell its last trade', () => {
    expect(expectedSession(BERLIN, { at: evening, lastTrade: undefined }, evening)).toBe(easterMonday);
  });

  test('of New York is what its calendar says, whatever a source knows', () => {
    const look = { at: at('2025-09-18T23:00:00Z'), lastTrade: '2025-09-10' };
    expect(expectedSession(NEW_YORK, look, at('2025-09-18T23:00:00Z'))).toBe('2025-09-18');
  });
});
