import { expect, test } from 'vitest';
import type { KnownClose } from '../../src/market/known-close.ts';
import { sessionsBetween } from '../../src/market/new-york.ts';
import { createMemoryCloses } from '../../src/store/memory-closes.ts';

const NOW = Date.parse('2026-01-05T22:00:00Z');
const AT = '2026-01-05T22:00:00.000Z';

const settled = (session: string, close: number): KnownClose => ({
  session,
  close,
  state: 'settled',
  firstReadAt: AT,
  readAt: AT,
  held: null,
});

test('the closes in memory are those that were put there, in order, the newest value of each', async () => {
  const closes = createMemoryCloses();
  const held: KnownClose = {
    ...settled('2025-12-30', 0),
    close: null,
    readAt: null,
    state: 'held',
    held: { close: 900, reason: 'a big move', since: AT },
  };
  await closes.store('^RUT', { changed: [settled('2025-12-31', 3), settled('2025-12-29', 1)], revisions: [] });
  await closes.store('^RUT', { changed: [held, settled('2025-12-31', 4)], revisions: [] });
  expect(closes.known('^RUT')).toEqual([settled('2025-12-29', 1), held, settled('2025-12-31', 4)]);
  // The last believed close before comes with what is known from there on.
  expect(closes.known('^RUT', '2025-12-31')).toEqual([settled('2025-12-29', 1), settled('2025-12-31', 4)]);
  expect(closes.accepted('^RUT')).toEqual([
    { session: '2025-12-29', close: 1 },
    { session: '2025-12-31', close: 4 },
  ]);
  expect(closes.accepted('^RUT', '2025-12-30')).toEqual([{ session: '2025-12-29', close: 1 }]);
  expect(closes.held('^RUT')).toEqual([held]);
  expect(closes.first('^RUT')).toBe('2025-12-29');
  expect(closes.missing('^RUT', NOW)).toEqual(['2026-01-02', '2026-01-05']);
  expect(closes.accepted('^GSPC')).toEqual([]);
});

test('a held close that is believed later is held no more', async () => {
  const closes = createMemoryCloses();
  const held = { close: 900, reason: 'a big move', since: AT };
  await closes.store('^RUT', {
    changed: [{ ...settled('2025-12-30', 0), close: null, readAt: null, state: 'held', held }],
    revisions: [],
  });
  await closes.store('^RUT', { changed: [settled('2025-12-30', 900)], revisions: [] });
  expect(closes.held('^RUT')).toEqual([]);
  expect(closes.accepted('^RUT')).toEqual([{ session: '2025-12-30', close: 900 }]);
});

test('the next reading begins 30 sessions back, or earlier at a gap', async () => {
  const closes = createMemoryCloses();
  const sessions = sessionsBetween('2025-06-02', '2026-01-05');
  await closes.store('^RUT', { changed: sessions.map((session) => settled(session, 1)), revisions: [] });
  expect(closes.readFrom('^RUT', NOW)).toBe(sessions.at(-31));
  const gap = createMemoryCloses();
  await gap.store('^RUT', {
    changed: sessions.filter((session) => session !== '2025-07-01').map((session) => settled(session, 1)),
    revisions: [],
  });
  expect(gap.readFrom('^RUT', NOW)).toBe('2025-07-01');
});
