import { expect, test } from 'vitest';
import { type Arrival, isRight, judge } from './judge.ts';

const CHANNELS = ['webhook', 'email:ann@example.com'];
const ALERT = 'russell-2000/2025-09-18/alert';
const TRUTH = { channels: CHANNELS, due: [ALERT] };

function arrival(channel: string, change: Partial<Arrival> = {}): Arrival {
  return { channel, id: ALERT, marked: false, mail: channel === 'webhook' ? null : '<1@bell>', at: 0, ...change };
}

const ONCE = CHANNELS.map((channel) => arrival(channel));

test('once each is right, and so is a second copy that says so', () => {
  expect(isRight(judge(ONCE, TRUTH))).toBe(true);
  const twice = judge([...ONCE, arrival('webhook', { marked: true })], TRUTH);
  expect(isRight(twice)).toBe(true);
  expect(twice.marked).toEqual([`webhook ${ALERT}`]);
});

test('what is lost, false, unmarked, or a mail of another id, is named', () => {
  expect(judge(ONCE.slice(1), TRUTH).lost).toEqual([`webhook ${ALERT}`]);
  const other = 'russell-2000/2025-09-19/alert';
  expect(judge([...ONCE, arrival('webhook', { id: other })], TRUTH).false).toEqual([`webhook ${other}`]);
  expect(judge([...ONCE, arrival('webhook')], TRUTH).unmarked).toEqual([`webhook ${ALERT}`]);
  const mail = arrival('email:ann@example.com', { mail: '<2@bell>', marked: true });
  expect(judge([...ONCE, mail], TRUTH).otherMail).toEqual([`email:ann@example.com ${ALERT}`]);
  for (const wrong of [ONCE.slice(1), [...ONCE, arrival('webhook')], [...ONCE, mail]])
    expect(isRight(judge(wrong, TRUTH))).toBe(false);
});

test('what is due by mail alone is false elsewhere', () => {
  const truth = { channels: CHANNELS, due: [], dueByMail: ['digest/2025-09-19'] };
  const digest = { id: 'digest/2025-09-19' };
  expect(isRight(judge([arrival('email:ann@example.com', digest)], truth))).toBe(true);
  expect(judge([arrival('webhook', digest)], truth)).toMatchObject({
    lost: ['email:ann@example.com digest/2025-09-19'],
    false: ['webhook digest/2025-09-19'],
  });
});
