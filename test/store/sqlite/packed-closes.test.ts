import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import fc from 'fast-check';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Session } from '../../../src/market/close.ts';
import type { KnownClose } from '../../../src/market/known-close.ts';
import { sessionsBetween } from '../../../src/market/new-york.ts';
import { judge } from '../../../src/market/sanity.ts';
import type { ClosesStore } from '../../../src/store/closes.ts';
import { createMemoryCloses } from '../../../src/store/memory-closes.ts';
import { createClosesStore } from '../../../src/store/sqlite/closes.ts';
import { openDatabase } from '../../../src/store/sqlite/database.ts';
import { temporaryFolder } from '../../support/temporary.ts';

const NOW = Date.parse('2026-01-05T22:00:00Z');

function open() {
  const database = openDatabase(join(temporaryFolder(), 'market.db'));
  onTestFinished(() => void database.close());
  const count = (table: string) => database.prepare(`select count(*) from ${table}`).pluck().get();
  return {
    database,
    closes: createClosesStore(database),
    rows: () => count('closes'),
    packs: () => count('packed_closes'),
  };
}

function settled(session: Session, close: number, readAt = '2026-01-05T22:00:00.000Z'): KnownClose {
  return { session, close, state: 'settled', firstReadAt: readAt, readAt, held: null };
}

const history = (from: Session, to: Session) =>
  sessionsBetween(from, to).map((session, day) => settled(session, 100 + day / 100));
const changing = (...changed: KnownClose[]) => ({ changed, revisions: [] });

describe('a long history', () => {
  test('takes a row for each year, and one for each session that is read again every evening', async () => {
    const { closes, rows, packs } = open();
    await closes.store('^RUT', changing(...history('1987-09-10', '2026-01-05')));
    // Sixty days before 5 January 2026.
    expect([packs(), rows()]).toEqual([2025 - 1987 + 1, sessionsBetween('2025-11-07', '2026-01-05').length]);
    expect(closes.accepted('^RUT')).toHaveLength(sessionsBetween('1987-09-10', '2026-01-05').length);
  });

  test('keeps a year in rows while something in it is held', async () => {
    const { closes, rows, packs } = open();
    const [first, ...others] = history('2024-01-02', '2025-12-31');
    const held = { close: 900, reason: 'a move of +800%', since: '2026-01-05T22:00:00.000Z' };
    await closes.store(
      '^RUT',
      changing({ ...(first as KnownClose), close: null, readAt: null, state: 'held', held }, ...others),
    );
    const recent = sessionsBetween('2025-11-07', '2025-12-31').length;
    expect([packs(), rows()]).toEqual([1, sessionsBetween('2024-01-01', '2024-12-31').length + recent]);
    expect(closes.held('^RUT').map(({ session }) => session)).toEqual(['2024-01-02']);
  });

  test('unpacks a year when one of its sessions changes', async () => {
    const { closes, rows, packs } = open();
    const all = history('2023-01-03', '2025-12-31');
    await closes.store('^RUT', changing(...all));
    const revised: KnownClose = {
      ...settled('2024-06-03', 55),
      firstReadAt: '2026-01-05T22:00:00.000Z',
      state: 'revised',
    };
    await closes.store('^RUT', changing(revised));
    const recent = sessionsBetween('2025-11-07', '2025-12-31').length;
    expect([packs(), rows()]).toEqual([2, sessionsBetween('2024-01-01', '2024-12-31').length + recent]);
    expect(closes.known('^RUT')).toEqual(all.map((close) => (close.session === '2024-06-03' ? revised : close)));
  });

  test('keeps its packs when sessions follow', async () => {
    const { closes, rows, packs } = open();
    await closes.store('^RUT', changing(...history('2025-01-02', '2025-12-31')));
    const before = Number(rows());
    await closes.store('^RUT', changing(settled('2026-01-02', 1), settled('2026-01-05', 2)));
    await closes.store('^RUT', changing(settled('2025-12-30', 3)));
    expect([packs(), rows()]).toEqual([1, before + 2]);
    expect(closes.accepted('^RUT').at(-1)).toEqual({ session: '2026-01-05', close: 2 });
  });

  test('keeps the highs that are known', async () => {
    const { closes } = open();
    const [first, ...others] = history('2025-06-02', '2026-01-05');
    await closes.store(
      '^RUT',
      changing({ ...(first as KnownClose), high: 101.5 }, ...others, { ...settled('2026-01-06', 5), high: 6 }),
    );
    expect([...closes.highs('^RUT')]).toEqual([
      ['2025-06-02', 101.5],
      ['2026-01-06', 6],
    ]);
  });
});

test('a database of before there were packs goes on as it is, and learns highs as it reads', async () => {
  const path = join(temporaryFolder(), 'market.db');
  const old = new Database(path);
  for (const name of ['0001-first.sql', '0002-daemon.sql']) {
    old.exec(readFileSync(join(import.meta.dirname, '../../../src/store/sqlite/migrations', name), 'utf8'));
  }
  old.pragma('user_version = 2');
  const put = old.prepare(
    "insert into closes (symbol, session, close, state, first_read_at, read_at) values ('^RUT', ?, ?, 'settled', ?, ?)",
  );
  const sessions = sessionsBetween('2024-01-02', '2025-06-30');
  for (const session of sessions) put.run(session, 100, '2025-07-01T20:00:00.000Z', '2025-07-01T20:00:00.000Z');
  old.close();
  const database = openDatabase(path);
  onTestFinished(() => void database.close());
  const closes = createClosesStore(database);
  expect(closes.accepted('^RUT')).toEqual(sessions.map((session) => ({ session, close: 100 })));
  expect(closes.readFrom('^RUT', Date.parse('2025-06-30T21:00:00Z'))).toBe(sessions.at(-31));
  await closes.store('^RUT', changing(settled('2025-07-01', 101, '2025-07-01T20:40:00.000Z')));
  expect(closes.accepted('^RUT').at(-1)).toEqual({ session: '2025-07-01', close: 101 });
  const reading = { symbol: '^RUT', bars: [{ session: '2025-06-30', close: 100, high: 102, low: 99 }] };
  await closes.store('^RUT', judge(reading, closes.known('^RUT', '2025-06-30'), 0.15, NOW));
  expect([...closes.highs('^RUT')]).toEqual([['2025-06-30', 102]]);
});

test('packed or not, a file answers as the memory does', async () => {
  const day = fc
    .integer({ min: 0, max: 4 * 365 })
    .map((days) => new Date(Date.UTC(2022, 0, 3 + days)).toISOString().slice(0, 10));
  const readAt = fc.constantFrom('2023-02-01T22:00:00.000Z', '2024-02-01T22:00:00.000Z', '2026-01-05T22:00:00.000Z');
  const span = fc.record({
    readAt,
    from: day,
    days: fc.integer({ min: 1, max: 500 }),
    close: fc.integer({ min: 1, max: 99 }),
    held: fc.integer({ min: 0, max: 900 }),
    high: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(span, { minLength: 1, maxLength: 6 }), day, async (spans, cut) => {
      const database = openDatabase(':memory:');
      const [file, memory] = [createClosesStore(database), createMemoryCloses()];
      for (const { readAt: at, from, days, close, held, high } of spans) {
        const end = new Date(Date.parse(from) + days * 86_400_000).toISOString().slice(0, 10);
        const sessions = from > at ? [] : sessionsBetween(from, [end, at.slice(0, 10)].sort()[0] ?? from);
        const changed = sessions.map((session, position) => ({
          ...settled(session, close, at),
          ...(high ? { high: close + position / 100 } : {}),
          // One of the sessions, in some of the readings.
          ...(position === held
            ? { close: null, readAt: null, state: 'held' as const, held: { close, reason: 'a big move', since: at } }
            : {}),
        }));
        for (const store of [file, memory]) await store.store('^RUT', changing(...changed));
      }
      const answers = ({ known, accepted: believed, first, missing, readFrom, held, highs }: ClosesStore) => ({
        known: known('^RUT'),
        knownFrom: known('^RUT', cut),
        believed: believed('^RUT'),
        believedUntil: believed('^RUT', cut),
        first: first('^RUT'),
        missing: missing('^RUT', NOW),
        readFrom: readFrom('^RUT', NOW),
        held: held('^RUT'),
        highs: [...highs('^RUT')],
      });
      expect(answers(file)).toEqual(answers(memory));
      database.close();
    }),
    { numRuns: 200, seed: 6 },
  );
});
