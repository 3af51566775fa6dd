import { expect, test } from 'vitest';
import { remembering } from '../../src/analysis/replay-memory.ts';
import type { Session } from '../../src/market/close.ts';
import { NEW_YORK } from '../../src/market/exchange.ts';
import { judge } from '../../src/market/sanity.ts';
import { addDays } from '../../src/market/session.ts';
import type { Ledger } from '../../src/store/ledger.ts';

const MAX_MOVE = 0.15;
const SESSIONS = NEW_YORK.sessionsBetween('1990-01-02', '1992-12-31');
/** The evening of the last one. */
const NOW = NEW_YORK.closingTime('1992-12-31') + 3_600_000;

/** Closes of 100, other ones as given, judged in one reading a day after the last. */
async function memoryOf(others: Readonly<Record<Session, number>> = {}, missing: readonly Session[] = []) {
  const { closes } = remembering(
    {} as Ledger,
    () => NEW_YORK,
    () => MAX_MOVE,
  );
  const bars = SESSIONS.filter((session) => !missing.includes(session)).map((session) => ({
    session,
    close: others[session] ?? 100,
  }));
  await closes.store('^RUT', judge({ symbol: '^RUT', bars }, [], MAX_MOVE, NOW + 86_400_000));
  return closes;
}

const RECENT = SESSIONS.at(-31);

test('an evening of a replay reads thirty sessions again', async () => {
  expect((await memoryOf()).readFrom('^RUT', NOW)).toBe(RECENT);
});

test('a close that was held for years, or is missing, makes no evening read the years since', async () => {
  const held = await memoryOf({ '1990-05-10': 250 });
  expect(held.held('^RUT').map(({ session }) => session)).toEqual(['1990-05-10']);
  expect(held.readFrom('^RUT', NOW)).toBe(RECENT);
  const gap = await memoryOf({}, ['1990-05-10']);
  expect(gap.missing('^RUT', NOW)).toEqual(['1990-05-10']);
  expect(gap.readFrom('^RUT', NOW)).toBe(RECENT);
});

test('one of the last sessions that is held is read again', async () => {
  const recent = SESSIONS.at(-2) ?? '';
  expect((await memoryOf({ [recent]: 250 })).readFrom('^RUT', NOW)).toBe(RECENT);
});

test('after a held close the reading begins where the last big move was made from: the way back leads there', async () => {
  const from = SESSIONS.indexOf('1991-03-01');
  // From 1 March 1991 on all closes are a fifth lower, as after a crash.
  const lower = Object.fromEntries(SESSIONS.slice(from).map((session) => [session, 80]));
  const closes = await memoryOf({ '1990-05-10': 250, ...lower });
  expect(closes.held('^RUT').map(({ session }) => session)).toEqual(['1990-05-10']);
  expect(closes.readFrom('^RUT', NOW)).toBe(SESSIONS[from - 1]);
});

test('what may be a neighbour of the first session that is read comes with it', async () => {
  const closes = await memoryOf({ [SESSIONS.at(-32) ?? '']: 250 });
  const known = closes.known('^RUT', RECENT);
  expect(known.find(({ session }) => session === SESSIONS.at(-32))).toMatchObject({ close: null, state: 'held' });
  expect((known[0]?.session ?? '9999') <= addDays(RECENT ?? '', -30)).toBe(true);
});

test('an empty memory asks for the whole history', () => {
  const { closes } = remembering(
    {} as Ledger,
    () => NEW_YORK,
    () => MAX_MOVE,
  );
  expect(closes.readFrom('^RUT', NOW)).toBeUndefined();
});
