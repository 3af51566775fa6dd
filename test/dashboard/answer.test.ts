import { expect, test } from 'vitest';
import { answerOf, inOneLine } from '../../src/dashboard/answer.ts';
import type { NewestEvent, Standing } from '../../src/dashboard/standing.ts';
import type { RecordState } from '../../src/signal/first-record.ts';
import { NOTHING_KNOWN, STATISTICS, smallOccasion, TELLING } from '../support/examples.ts';

const { study } = smallOccasion();
const [earliest, , , event] = study.events;
if (earliest === undefined || event === undefined) throw new Error('the example has four events');

/** On the evening of the event. */
const ON_THE_DAY: RecordState = {
  session: '2025-09-18',
  close: 2467.7,
  change: 0.0251,
  record: { session: '2025-09-18', close: 2467.7 },
  quietSessions: 0,
  state: 'recent record',
  toRecord: 0,
};

const ARMED: RecordState = {
  session: '2025-09-17',
  close: 2407.34,
  change: 0.0018,
  record: { session: '2021-11-08', close: 2442.74 },
  quietSessions: 967,
  state: 'armed',
  toRecord: 0.0147,
};

const LATER: RecordState = { ...ON_THE_DAY, session: '2025-12-31', close: 2400, change: -0.005, toRecord: 0.0282 };

function standing(state: RecordState, newest: Partial<NewestEvent> | null, change: Partial<Standing> = {}): Standing {
  return {
    state,
    armedFrom: state === ARMED ? '2022-11-09' : '2026-09-19',
    low: { session: '2023-10-27', close: 1636.94 },
    study,
    dividends: null,
    newest:
      newest === null
        ? undefined
        : { event: event as NewestEvent['event'], alert: 'reached', seen: [], since: undefined, ...newest },
    retracted: [],
    messages: new Map(),
    before: undefined,
    after: undefined,
    ...change,
  };
}

const words = (of: Standing) => {
  const { headline, details } = answerOf(TELLING, of);
  return [headline, ...details].join(' ');
};

test('on the day it says that it rang, what the close passed, and when the outcome is due', () => {
  expect(words(standing(ON_THE_DAY, {}))).toBe(
    'The bell rang on 18 Sep 2025: the first record close in over a year. That day the Russell 2000 closed at 2,467.70, past its record of 2,442.74 from 8 Nov 2021: ' +
      'the first record close in 3 years, 10 months and 10 days (968 sessions). The S&P 500 closed at 6,631.96 that day; what ' +
      'follows is measured from there. The one-year figure is due on 18 Sep 2026.',
  );
});

test.each([
  [0.0322, 'The S&P 500 is 3.2% higher since.'],
  [-0.02, 'The S&P 500 is 2.0% lower since.'],
  [0.0001, 'The S&P 500 is where it was since.'],
])('later it says what has come of it so far: %d', (fraction, sentence) => {
  const since = { session: '2025-12-31', close: 6845.5, return: fraction };
  expect(words(standing(LATER, { since }))).toContain(`The bell last rang on 18 Sep 2025. ${sentence}`);
  expect(words(standing(LATER, { since }))).toContain(
    'The S&P 500 closed at 6,631.96 that day, and at 6,845.50 on 31 Dec 2025, 3 months and 13 days later.',
  );
});

test('after a year it says how that ended, with both closes', () => {
  const text = words(standing(LATER, { event: earliest }));
  expect(text).toContain('The bell last rang on 29 Dec 1999. A year later the S&P 500 was 9.8% lower.');
  // 1,463.46 less 9.8%.
  expect(text).toContain('The S&P 500 closed at 1,463.46 that day, and at 1,320.04 a year later.');
});

test('a copy that has not rung says so, and when it would have', () => {
  const before = { event: earliest, alert: 'before' } as const;
  expect(words(standing(ARMED, before))).toContain(
    'The bell has not rung yet; it would last have rung on 29 Dec 1999. A year later the S&P 500 was 9.8% lower.',
  );
  expect(words(standing(ARMED, before))).toContain('That was before this copy began to watch, so it sent no alert.');
  const past = words(standing(ARMED, before, { after: '2025-09-18' }));
  expect(past).toContain('The bell would last have rung on 29 Dec 1999.');
  expect(past).not.toContain('this copy');
});

test('an alert that nobody has, and one that was retracted, are said to be so', () => {
  expect(words(standing(ON_THE_DAY, { alert: 'not reached' }))).toContain('The alert has not reached anybody yet.');
  expect(words(standing(ARMED, { event: earliest, alert: 'before' }, { retracted: ['2025-09-16'] }))).toContain(
    'The alert of 16 Sep 2025 was retracted: it was a false alarm.',
  );
});

test('without any event it says since when it would have been seen', () => {
  expect(words(standing(ARMED, null))).toBe('The bell has never rung: there was no such record since 29 Dec 1978.');
});

test('armed is explained where it stands, before the first session of it too', () => {
  expect(answerOf(TELLING, standing(ARMED, {})).armed).toEqual({
    value: 'Armed',
    note: 'since 9 Nov 2022',
    text: 'More than a year has passed since the last record close, so the next record close rings the bell.',
  });
  const evening = standing({ ...ARMED, session: '2022-11-08' }, {});
  expect(answerOf(TELLING, evening).armed.text).toBe(
    'At the next session more than a year has passed since the last record close: a record close then rings the bell.',
  );
  expect(answerOf(TELLING, standing(LATER, {})).armed).toEqual({
    value: 'Not armed',
    note: 'until 19 Sep 2026',
    text: 'The last record close is from 18 Sep 2025. The bell rings only after a quiet period of over a year, and every record close starts the wait again.',
  });
});

test('a rule of several years says so', () => {
  const labels = { ...TELLING, signal: { ...TELLING.signal, quietYears: 2 } };
  expect(answerOf(labels, standing(ARMED, {})).armed.text).toMatch(/^More than 2 years have passed/);
  expect(answerOf(labels, standing(LATER, {})).armed.text).toContain('a quiet period of over 2 years');
  expect(inOneLine(labels, standing(ON_THE_DAY, {}))).toBe('Russell 2000: first record close in over 2 years');
});

test('the way to the record, and that there is none at the record', () => {
  expect(answerOf(TELLING, standing(ARMED, {})).record).toEqual({
    value: '+1.47%',
    note: 'to equal the record',
    text: 'The Russell 2000 closed at 2,407.34 on Wednesday, 17 Sep 2025 (+0.18% on the day). Its record is 2,442.74 from 8 Nov 2021.',
  });
  expect(answerOf(TELLING, standing({ ...ON_THE_DAY, change: null }, {})).record).toEqual({
    value: 'At its record',
    note: '',
    text: 'The Russell 2000 closed at 2,467.70 on Thursday, 18 Sep 2025, higher than ever before.',
  });
});

test('a hit rate never stands without that of any day', () => {
  const followed = (change: Partial<typeof STATISTICS>) =>
    answerOf(
      TELLING,
      standing(ARMED, {}, { study: { ...study, horizons: { ...study.horizons, '12': { ...STATISTICS, ...change } } } }),
    ).followed;
  expect(followed({ n: 11, up: 10, baseRate: 0.785 })).toMatchObject({ value: '10 of 11', note: 'any day: 79%' });
  expect(followed({ baseRate: null })).toMatchObject({ value: '2 of 3', note: 'any day: not known' });
  expect(followed(NOTHING_KNOWN)).toMatchObject({ value: 'Not known', note: 'any day: not known' });
});

test('in one line: armed or not, and how far', () => {
  expect(inOneLine(TELLING, standing(ARMED, {}))).toBe('Russell 2000: armed, +1.47% to the record');
  expect(inOneLine(TELLING, standing(LATER, {}))).toBe('Russell 2000: not armed, +2.82% to the record');
  expect(inOneLine(TELLING, standing(ON_THE_DAY, {}))).toBe('Russell 2000: first record close in over a year');
});
