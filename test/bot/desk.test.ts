import { expect, test } from 'vitest';
import { createDesk } from '../../src/bot/desk.ts';

function desk() {
  const clock = { now: 1_000_000 };
  return { clock, desk: createDesk(() => clock.now) };
}

test('one answer of a command is under way at a time, and so many wait', async () => {
  const { desk: at } = desk();
  let [under, most] = [0, 0];
  const go = Promise.withResolvers<void>();
  const act = async () => {
    most = Math.max(most, ++under);
    await go.promise;
    under--;
    return 'answer';
  };
  const asked = Array.from({ length: 40 }, (_, nth) =>
    at.inTurn('history', `p${nth}`, act).catch((e: Error) => e.message),
  );
  await expect(at.inTurn('status', 'p0', async () => 'another')).resolves.toBe('another');
  go.resolve();
  const said = await Promise.all(asked);
  expect(most).toBe(1);
  expect(said.filter((one) => one === 'answer')).toHaveLength(11);
  expect(new Set(said)).toEqual(new Set(['answer', 'Many are asking /history just now; ask again in a few seconds.']));
  // Whoever comes after them has a turn again.
  await expect(at.inTurn('history', 'late', async () => 'mine')).resolves.toBe('mine');
});

test('an answer that fails lets the next one begin', async () => {
  const { desk: at } = desk();
  await expect(at.inTurn('chart', 'ann', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  await expect(at.inTurn('chart', 'ann', async () => 1)).resolves.toBe(1);
});

test('a person may ask a command five times within 30 seconds, and a clock that was set back forgets', async () => {
  const { desk: at, clock } = desk();
  const ask = () => at.inTurn('chart', 'ann', async () => 1);
  for (let nth = 0; nth < 5; nth++) await ask();
  clock.now += 29_000;
  await expect(ask()).rejects.toThrow('You have asked /chart 5 times within 30 seconds; ask again in 1 s.');
  await expect(at.inTurn('chart', 'bob', async () => 1)).resolves.toBe(1);
  clock.now += 1_000;
  await expect(ask()).resolves.toBe(1);
  clock.now -= 3_600_000;
  await expect(ask()).resolves.toBe(1);
});

test('what everybody shares begins once in its time', () => {
  const { desk: at, clock } = desk();
  at.begin('check', 60_000, 'See what that one found.');
  clock.now += 17_000;
  expect(() => at.begin('check', 60_000, 'See what that one found.')).toThrow(
    '/check ran less than a minute ago, so this one did not. See what that one found. Ask again in 43 s.',
  );
  clock.now += 43_000;
  at.begin('check', 60_000, '');
  clock.now -= 3_600_000;
  at.begin('check', 60_000, '');
});

test('what was made is kept, but for what failed and what is old', async () => {
  const { desk: at } = desk();
  let made = 0;
  const make = async () => ++made;
  expect([await at.remember('a', make), await at.remember('a', make)]).toEqual([1, 1]);
  await expect(at.remember('b', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(await at.remember('b', make)).toBe(2);
  for (const key of ['c', 'd', 'e', 'f']) await at.remember(key, make);
  expect(await at.remember('a', make)).toBe(7);
});
