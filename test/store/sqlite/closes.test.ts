import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Session } from '../../../src/market/close.ts';
import type { Judgement, KnownClose, Revision } from '../../../src/market/known-close.ts';
import { sessionsBetween } from '../../../src/market/new-york.ts';
import { judge } from '../../../src/market/sanity.ts';
import { createClosesStore } from '../../../src/store/sqlite/closes.ts';
import { openDatabase } from '../../../src/store/sqlite/database.ts';
import { temporaryFolder } from '../../support/temporary.ts';

const READ_AT = '2025-09-18T20:40:00.000Z';

/** A store of its own connection to a file, closed when the test ends. */
function open(path = join(temporaryFolder(), 'market.db')) {
  const database = openDatabase(path);
  onTestFinished(() => void database.close());
  return { path, database, closes: createClosesStore(database) };
}

function settled(session: Session, close: number): KnownClose {
  return { session, close, state: 'settled', firstReadAt: READ_AT, readAt: READ_AT, held: null };
}

function heldAt(session: Session, value: number, close: number | null = null): KnownClose {
  return {
    session,
    close,
    state: close === null ? 'held' : 'settled',
    firstReadAt: READ_AT,
    readAt: close === null ? null : READ_AT,
    held: { close: value, reason: 'over 0.5% off the last price of 100', since: READ_AT },
  };
}

function changing(...changed: KnownClose[]): Judgement {
  return { changed, revisions: [] };
}

/** Every session from one to another, with a close. */
function allBetween(from: Session, to: Session): KnownClose[] {
  return sessionsBetween(from, to).map((session) => settled(session, 100));
}

function at(time: string): number {
  return Date.parse(`${time.replace(' ', 'T')}:00-04:00`);
}

describe('a judgement', () => {
  const rows = [
    settled('2025-09-16', 2403.03),
    heldAt('2025-09-17', 240_734),
    heldAt('2025-09-18', 2500, 2467.7),
    { ...settled('2025-09-19', 2448.77), state: 'provisional' as const },
    { ...settled('2025-09-22', 2463.34), state: 'revised' as const, readAt: '2025-09-23T13:00:00.000Z' },
  ];

  test('is read as it was stored, by another connection too', () => {
    const { path, closes } = open();
    closes.store('^RUT', changing(...rows));
    expect(closes.known('^RUT')).toEqual(rows);
    expect(open(path).closes.known('^RUT')).toEqual(rows);
  });

  test('replaces what was known of its sessions only', () => {
    const { closes } = open();
    closes.store('^RUT', changing(...rows));
    closes.store('^RUT', changing(settled('2025-09-17', 2407.34)));
    expect(closes.known('^RUT')).toEqual(rows.with(1, settled('2025-09-17', 2407.34)));
  });

  test('of one symbol does not touch another', () => {
    const { closes } = open();
    closes.store('^RUT', changing(settled('2025-09-18', 2467.7)));
    closes.store('^GSPC', changing(settled('2025-09-18', 6631.96)));
    expect(closes.accepted('^RUT')).toEqual([{ session: '2025-09-18', close: 2467.7 }]);
    expect(closes.accepted('^GSPC')).toEqual([{ session: '2025-09-18', close: 6631.96 }]);
    expect(closes.known('^DJI')).toEqual([]);
  });

  test('that changes nothing writes nothing, though another connection holds the lock', () => {
    const { path, closes } = open();
    const other = open(path).database;
    other.exec('begin immediate');
    closes.store('^RUT', { changed: [], revisions: [] });
    other.exec('rollback');
  });

  test('is stored whole or not at all', () => {
    const { closes } = open();
    const noTime = { close: 2, readAt: READ_AT, believed: true };
    const broken: Revision = {
      session: '2025-09-18',
      from: { ...noTime, close: Number.NaN }, // SQLite has no such number and refuses the row.
      to: noTime,
    };
    expect(() => closes.store('^RUT', { changed: rows, revisions: [broken] })).toThrow(/NOT NULL/);
    expect(closes.known('^RUT')).toEqual([]);
    expect(closes.revisions('^RUT', '2025-09-18')).toEqual([]);
  });

  test('of a reading is judged anew from what was stored, and nothing changes', () => {
    const { closes } = open();
    const bars = [
      { session: '2025-09-17', close: 2407.34 },
      { session: '2025-09-18', close: 2467.699951171875 },
      { session: '2025-09-19', close: 244_877 },
    ];
    const read = (now: number) => {
      const known = closes.known('^RUT', bars[0]?.session);
      const judgement = judge({ symbol: '^RUT', bars }, known, 0.15, now);
      closes.store('^RUT', judgement);
      return judgement;
    };
    expect(read(at('2025-09-22 09:00')).changed).toHaveLength(3);
    expect(read(at('2025-09-22 10:00'))).toEqual({ changed: [], revisions: [] });
    expect(closes.accepted('^RUT').map(({ close }) => close)).toEqual([2407.34, 2467.7]);
  });
});

describe('believed closes', () => {
  const rows = [
    settled('2025-09-16', 1),
    heldAt('2025-09-17', 9),
    heldAt('2025-09-18', 9, 3),
    settled('2025-09-19', 4),
  ];

  test('are those with a believed value, ascending, whatever is held beside it', () => {
    const { closes } = open();
    closes.store('^RUT', changing(...rows.toReversed()));
    expect(closes.accepted('^RUT')).toEqual([
      { session: '2025-09-16', close: 1 },
      { session: '2025-09-18', close: 3 },
      { session: '2025-09-19', close: 4 },
    ]);
  });

  test('end with the session asked for', () => {
    const { closes } = open();
    closes.store('^RUT', changing(...rows));
    expect(closes.accepted('^RUT', '2025-09-18').map(({ session }) => session)).toEqual(['2025-09-16', '2025-09-18']);
    expect(closes.accepted('^RUT', '2025-09-15')).toEqual([]);
  });
});

describe('what is known', () => {
  test('from a session on has the last believed close before it too, and all between', () => {
    const { closes } = open();
    const rows = [
      settled('2025-09-15', 1),
      settled('2025-09-16', 2),
      heldAt('2025-09-17', 9),
      heldAt('2025-09-18', 9),
      settled('2025-09-19', 5),
    ];
    closes.store('^RUT', changing(...rows));
    expect(closes.known('^RUT', '2025-09-18')).toEqual(rows.slice(1));
    expect(closes.known('^RUT', '2025-09-16')).toEqual(rows);
    expect(closes.known('^RUT', '2025-09-15')).toEqual(rows);
    expect(closes.known('^RUT', '9999')).toEqual(rows.slice(4));
  });

  test('and held are values that are not believed, with the believed closes that they would revise', () => {
    const { closes } = open();
    const held = [heldAt('2025-09-17', 9), heldAt('2025-09-18', 9, 3)];
    closes.store('^RUT', changing(settled('2025-09-16', 1), ...held));
    expect(closes.held('^RUT')).toEqual(held);
    expect(closes.held('^GSPC')).toEqual([]);
  });
});

describe('missing sessions', () => {
  test('are those that the calendar expects and nothing is known of', () => {
    const { closes } = open();
    // 30 August to 1 September 2025: a weekend and Labor Day.
    closes.store('^RUT', changing(settled('2025-08-28', 1), heldAt('2025-09-03', 9), settled('2025-09-05', 2)));
    const friday = at('2025-09-05 16:40');
    expect(closes.missing('^RUT', friday)).toEqual(['2025-08-29', '2025-09-02', '2025-09-04']);
    closes.store('^RUT', changing(settled('2025-09-02', 3)));
    expect(closes.missing('^RUT', friday)).toEqual(['2025-08-29', '2025-09-04']);
  });

  test('reach to the newest session that is over', () => {
    const { closes } = open();
    closes.store('^RUT', changing(settled('2025-09-16', 1)));
    expect(closes.missing('^RUT', at('2025-09-18 16:34'))).toEqual(['2025-09-17']);
    expect(closes.missing('^RUT', at('2025-09-18 16:35'))).toEqual(['2025-09-17', '2025-09-18']);
    expect(closes.missing('^RUT', at('2025-09-18 16:34'))).toEqual(['2025-09-17']);
  });

  test("begin with the symbol's first session", () => {
    const { closes } = open();
    expect(closes.missing('^RUT', at('2025-09-18 16:40'))).toEqual([]);
    closes.store('^RUT', changing(settled('2025-09-18', 1)));
    expect(closes.missing('^RUT', at('2025-09-18 16:40'))).toEqual([]);
  });

  test('begin with the calendar, which is right from 1978-12-29 on', () => {
    const { closes } = open();
    closes.store('^GSPC', changing(settled('1927-12-30', 17.66), ...allBetween('1979-01-03', '1979-01-05')));
    expect(closes.missing('^GSPC', Date.parse('1979-01-05T22:00:00Z'))).toEqual(['1978-12-29', '1979-01-02']);
  });
});

describe('the session to read from', () => {
  const NOW = at('2025-09-18 16:40');
  // 92 sessions; 30 sessions before the last one is 2025-08-06, counted on a calendar with Labor Day on 1 September.
  const rows = allBetween('2025-05-08', '2025-09-18');

  test('is the beginning where nothing is stored', () => {
    expect(open().closes.readFrom('^RUT', NOW)).toBeUndefined();
  });

  test('is 30 sessions before the last stored one', () => {
    const { closes } = open();
    closes.store('^RUT', changing(...rows));
    expect(closes.readFrom('^RUT', NOW)).toBe('2025-08-06');
    expect(rows.findIndex(({ session }) => session === '2025-08-06')).toBe(rows.length - 1 - 30);
  });

  test('is the beginning where fewer are stored', () => {
    const { closes } = open();
    closes.store('^RUT', changing(...rows.slice(-30)));
    expect(closes.readFrom('^RUT', NOW)).toBeUndefined();
    closes.store('^RUT', changing(...rows.slice(-31)));
    expect(closes.readFrom('^RUT', NOW)).toBe('2025-08-06');
  });

  test('is the oldest missing session where that is earlier', () => {
    const { closes } = open();
    closes.store('^RUT', changing(...rows.filter(({ session }) => !['2025-06-10', '2025-07-10'].includes(session))));
    expect(closes.readFrom('^RUT', NOW)).toBe('2025-06-10');
    closes.store('^RUT', changing(settled('2025-06-10', 100)));
    expect(closes.readFrom('^RUT', NOW)).toBe('2025-07-10');
  });

  test.each([
    ['held', heldAt('2025-06-10', 9)],
    ['held beside a believed one', heldAt('2025-06-10', 9, 100)],
  ])('is the oldest value that is %s where that is earlier', (_what, row) => {
    const { closes } = open();
    closes.store('^RUT', changing(...rows, row));
    expect(closes.readFrom('^RUT', NOW)).toBe('2025-06-10');
  });

  test('is before the last stored session, however long nobody looked', () => {
    const { closes } = open();
    closes.store('^RUT', changing(...rows));
    expect(closes.readFrom('^RUT', at('2026-09-18 16:40'))).toBe('2025-08-06');
  });

  test('notices what another process filled meanwhile', () => {
    const { closes, path } = open();
    closes.store('^RUT', changing(...rows.filter(({ session }) => session !== '2025-06-10')));
    expect(closes.readFrom('^RUT', NOW)).toBe('2025-06-10');
    open(path).closes.store('^RUT', changing(settled('2025-06-10', 100)));
    expect(closes.readFrom('^RUT', NOW)).toBe('2025-08-06');
  });

  test('is told for every symbol by itself', () => {
    const { closes } = open();
    closes.store('^RUT', changing(...rows));
    closes.store('^GSPC', changing(...rows, heldAt('2025-06-10', 9)));
    expect(closes.readFrom('^RUT', NOW)).toBe('2025-08-06');
    expect(closes.readFrom('^GSPC', NOW)).toBe('2025-06-10');
  });
});

describe('revisions', () => {
  const revision = (from: number, to: number, day: number, believed = true): Revision => ({
    session: '2025-09-18',
    from: { close: from, readAt: `2025-09-${day}T20:40:00.000Z`, believed: true },
    to: { close: to, readAt: `2025-09-${day + 1}T20:40:00.000Z`, believed },
  });

  test('of a session are all kept, oldest first, with both values and times', () => {
    const { closes, path } = open();
    const all = [revision(1, 2, 18), revision(2, 3, 19, false), revision(3, 1, 20)];
    const [first, second, third] = all;
    for (const one of [second, first, third]) closes.store('^RUT', { changed: [], revisions: one ? [one] : [] });
    expect(closes.revisions('^RUT', '2025-09-18')).toEqual(all);
    expect(open(path).closes.revisions('^RUT', '2025-09-18')).toEqual(all);
  });

  test('are those of one session of one symbol', () => {
    const { closes } = open();
    closes.store('^RUT', { changed: [], revisions: [revision(1, 2, 18)] });
    expect(closes.revisions('^RUT', '2025-09-17')).toEqual([]);
    expect(closes.revisions('^GSPC', '2025-09-18')).toEqual([]);
  });

  test('come with the judgement that makes them', () => {
    const { closes } = open();
    closes.store('^RUT', { changed: [settled('2025-09-18', 2)], revisions: [revision(1, 2, 18)] });
    expect(closes.revisions('^RUT', '2025-09-18')).toEqual([revision(1, 2, 18)]);
    expect(closes.accepted('^RUT')).toEqual([{ session: '2025-09-18', close: 2 }]);
  });
});

test('every value that was read of a session is kept: a believed one, one that was held, and the one that replaced both', () => {
  const { closes } = open();
  const read = (time: string, close: number) => {
    const bars = [{ session: '2025-09-18', close }];
    closes.store('^RUT', judge({ symbol: '^RUT', bars }, closes.known('^RUT', '2025-09-18'), 0.15, at(time)));
  };
  closes.store('^RUT', changing(settled('2025-09-17', 100)));
  read('2025-09-18 16:40', 101);
  read('2025-09-19 09:00', 130);
  read('2025-09-19 10:00', 102);
  expect(closes.accepted('^RUT').at(-1)?.close).toBe(102);
  const kept = closes.revisions('^RUT', '2025-09-18').flatMap(({ from, to }) => [from.close, to.close]);
  expect(new Set(kept)).toEqual(new Set([101, 130, 102]));
});

test('two processes share a file: what one stores the other reads', () => {
  const { closes, path } = open();
  closes.store('^RUT', changing(settled('2025-09-17', 2407.34)));
  const src = new URL('../../../src/store/', import.meta.url).href;
  const script = `import { openDatabase } from '${src}sqlite/database.ts';
    import { createClosesStore } from '${src}sqlite/closes.ts';
    const database = openDatabase(${JSON.stringify(path)});
    const closes = createClosesStore(database);
    const row = ${JSON.stringify(settled('2025-09-18', 2467.7))};
    closes.store('^RUT', { changed: [row], revisions: [] });
    console.log(closes.accepted('^RUT').length);
    database.close();`;
  expect(execFileSync(process.execPath, ['--input-type=module', '--eval', script], { encoding: 'utf8' })).toBe('2\n');
  expect(closes.accepted('^RUT')).toEqual([
    { session: '2025-09-17', close: 2407.34 },
    { session: '2025-09-18', close: 2467.7 },
  ]);
});
