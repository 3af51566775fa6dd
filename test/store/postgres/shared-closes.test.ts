import { describe, expect, test } from 'vitest';
import { exchangeIn } from '../../../src/market/exchange.ts';
import type { KnownClose } from '../../../src/market/known-close.ts';
import { SourceError } from '../../../src/market/source.ts';
import type { Postgres } from '../../../src/store/postgres/postgres.ts';
import { NO_POSTGRES, newDatabase } from '../../support/postgres.ts';
import { allBetween, changing, heldAt, READ_AT, settled } from '../example-closes.ts';
import { NOW } from '../example-ledger.ts';
import { one, openProcess, until } from './processes.ts';

const START = Date.parse(NOW);
const YEARS = allBetween('2023-01-03', '2025-09-17');

/** Sessions that are in a year's list and have a row of their own too. */
const DOUBLE = `select count(*)::int from closes c
  join packed_closes p on p.symbol = c.symbol and c.session between p.first and p.last`;

const revised = (session: string, close: number): KnownClose => ({ ...settled(session, close), state: 'revised' });

/** What is known where some sessions are other ones. */
const withChanged = (...changed: KnownClose[]) => {
  const all = new Map([...YEARS, ...changed].map((close) => [close.session, close]));
  return [...all.values()].sort((a, b) => (a.session < b.session ? -1 : 1));
};

async function hosts(by?: (postgres: Postgres) => Postgres) {
  const { url } = await newDatabase();
  const [{ closes: a }, { closes: b }] = [await openProcess(url, by), await openProcess(url)];
  return { url, a, b };
}

describe.skipIf(NO_POSTGRES !== undefined)('closes of two hosts', () => {
  test('are the same after a refresh: lists of years, those taken apart, what is held, and revisions', async () => {
    const { url, a, b } = await hosts();
    await a.store('^RUT', changing(...YEARS));
    expect(b.first('^RUT')).toBeUndefined();
    await b.refresh();
    expect(b.known('^RUT')).toEqual(YEARS);
    expect(await one(url, 'select count(*)::int from packed_closes')).toBe(3);

    const revision = {
      session: '2024-06-03',
      from: { close: 100, readAt: READ_AT, believed: true },
      to: { close: 55, readAt: NOW, believed: true },
    };
    const held = heldAt('2025-09-18', 900);
    await b.store('^RUT', { changed: [revised('2024-06-03', 55), held], revisions: [revision] });
    await a.refresh();
    for (const { known, revisions, held: heldOf, missing, readFrom } of [a, b]) {
      expect(known('^RUT')).toEqual(withChanged(revised('2024-06-03', 55), held));
      expect(revisions('^RUT', '2024-06-03')).toEqual([revision]);
      expect(heldOf('^RUT')).toEqual([held]);
      expect(missing('^RUT', START)).toEqual([]);
      expect(readFrom('^RUT', START)).toBe(YEARS.at(-30)?.session);
    }
    expect(await one(url, 'select count(*)::int from packed_closes')).toBe(2);
    expect(await one(url, DOUBLE)).toBe(0);
  });

  test('are the same after a refresh: looks and notes, also those that are gone', async () => {
    const { a, b } = await hosts();
    const exchange = exchangeIn('Asia/Tokyo', '15:30');
    await a.noteLook({ symbol: '^N225', bars: [], exchange, firstTrade: '1965-01-05' }, START);
    expect([await a.note('source', 'yahoo'), await a.note('asked ^RUT', '2025-09-18')]).toEqual([true, true]);
    expect(await a.note('restated ^RUT', '{}')).toBe(true);
    await b.refresh();
    expect([...b.looks()]).toEqual([['^N225', NOW]]);
    expect(b.exchange('^N225').timeZone).toBe('Asia/Tokyo');
    expect([b.noted('source'), b.noted('asked ^RUT'), b.noted('restated ^RUT')]).toEqual(['yahoo', '2025-09-18', '{}']);
    expect([await b.note('source', 'yahoo'), await b.note('restated ^RUT', null)]).toEqual([false, true]);
    await a.refresh();
    expect([a.noted('source'), a.noted('restated ^RUT')]).toEqual(['yahoo', undefined]);
  });

  test('are not stored by who has not seen what another one stored, and are afterwards', async () => {
    const { a, b } = await hosts();
    await a.store('^RUT', changing(...YEARS));
    const judgement = changing(revised('2024-06-03', 55));
    await expect(b.store('^RUT', judgement)).rejects.toThrow(SourceError);
    await expect(a.store('^GSPC', judgement)).resolves.toBeUndefined();
    // It has looked meanwhile.
    expect(b.known('^RUT')).toEqual(YEARS);
    await b.store('^RUT', judgement);
    await expect(a.store('^RUT', changing(revised('2024-06-04', 56)))).rejects.toThrow(
      '^RUT: another process has just stored closes of it; the next run reads it again',
    );
    expect(a.known('^RUT')).toEqual(b.known('^RUT'));
  });

  test('of one symbol are stored by one of two at once, fifty times, and by both of two symbols', async () => {
    const { a, b } = await hosts();
    for (let time = 1; time <= 50; time++) {
      const [one_, other] = await Promise.allSettled([
        a.store('^RUT', changing(settled('2025-09-17', time))),
        b.store('^RUT', changing(settled('2025-09-17', 100 + time))),
      ]);
      expect([one_.status, other.status].sort()).toEqual(['fulfilled', 'rejected']);
      await Promise.all([a.store('^A', changing(settled('2025-09-17', time))), a.store('^B', changing(...YEARS))]);
      await Promise.all([a.refresh(), b.refresh()]);
      expect(a.known('^RUT')).toEqual(b.known('^RUT'));
      expect(a.accepted('^RUT').at(-1)?.close).toBe(one_.status === 'fulfilled' ? time : 100 + time);
    }
  });
});

/** Lets what is asked be done, and the answers wait. */
class Late {
  /** How many transactions have been held. */
  taken = 0;
  readonly #waits = { transaction: [] as Promise<void>[], row: [] as Promise<void>[] };

  /** @returns what lets the answer to the next transaction, or question for a row, arrive */
  hold(what: 'transaction' | 'row' = 'transaction'): () => void {
    let arrive = () => {};
    this.#waits[what].push(
      new Promise((resolve) => {
        arrive = resolve;
      }),
    );
    return arrive;
  }

  readonly by = (postgres: Postgres): Postgres => ({
    ...postgres,
    transaction: async (act) => {
      const wait = this.#waits.transaction.shift();
      if (wait !== undefined) this.taken++;
      const answer = await postgres.transaction(act);
      await wait;
      return answer;
    },
    row: async (sql, ...values) => {
      const wait = this.#waits.row.shift();
      const answer = await postgres.row(sql, ...values);
      if (wait !== undefined) this.taken++;
      await wait;
      return answer as never;
    },
  });
}

const versionOf = (url: string) => one(url, "select version::int from symbols where symbol = '^RUT'");

describe.skipIf(NO_POSTGRES !== undefined)('closes that are stored while a refresh is under way', () => {
  test('are as they were stored last where the answer to the own store comes after that of others', async () => {
    const late = new Late();
    const { url, a, b } = await hosts(late.by);
    const arrive = late.hold();
    const stored = a.store('^RUT', changing(...YEARS));
    await until(async () => (await versionOf(url)) === 1);
    await b.refresh();
    await b.store('^RUT', changing(revised('2024-06-03', 55)));
    await a.refresh();
    arrive();
    await stored;
    for (const closes of [a, b]) expect(closes.known('^RUT')).toEqual(withChanged(revised('2024-06-03', 55)));
    // It writes what fits to what is there.
    await a.store('^RUT', changing(revised('2023-06-01', 44)));
    await b.refresh();
    expect(b.known('^RUT')).toEqual(withChanged(revised('2024-06-03', 55), revised('2023-06-01', 44)));
    expect(await one(url, DOUBLE)).toBe(0);
  });

  test('keep the shape that the database has where a refresh brings the own store first', async () => {
    const late = new Late();
    const { url, a, b } = await hosts(late.by);
    const arrive = late.hold();
    const stored = a.store('^RUT', changing(...YEARS));
    await until(async () => (await versionOf(url)) === 1);
    await a.refresh();
    arrive();
    await stored;
    await a.store('^RUT', changing(revised('2024-06-03', 55)));
    await b.refresh();
    for (const closes of [a, b]) expect(closes.known('^RUT')).toEqual(withChanged(revised('2024-06-03', 55)));
    expect(await one(url, DOUBLE)).toBe(0);
  });

  test('are not put back by an answer that is older than what was stored since', async () => {
    const late = new Late();
    const { url, a, b } = await hosts(late.by);
    await b.store('^RUT', changing(...YEARS));
    await a.refresh();
    const own = late.hold();
    const stored = a.store('^RUT', changing(settled('2025-09-17', 1)));
    await until(async () => (await versionOf(url)) === 2);
    const others = late.hold();
    const refreshed = a.refresh();
    await until(() => late.taken === 2);
    own();
    await stored;
    await a.store('^RUT', changing(settled('2025-09-17', 2)));
    others();
    await refreshed;
    expect(a.known('^RUT').at(-1)).toEqual(settled('2025-09-17', 2));
  });

  test('are never missing in between: a year that is just taken apart', async () => {
    const act = { now: async () => {} };
    const { a, b } = await hosts((postgres) => ({
      ...postgres,
      transaction: (work) =>
        postgres.transaction((queries, isAgain) =>
          work(
            {
              ...queries,
              rows: async (sql, ...values) => {
                const rows = await queries.rows(sql, ...values);
                if (sql.includes('from closes')) await act.now();
                return rows as never;
              },
            },
            isAgain,
          ),
        ),
    }));
    await b.store('^RUT', changing(...YEARS));
    act.now = () => b.store('^RUT', changing(revised('2024-06-03', 55)));
    await a.refresh();
    act.now = async () => {};
    expect(a.known('^RUT')).toEqual(YEARS);
    await a.refresh();
    expect(a.known('^RUT')).toEqual(withChanged(revised('2024-06-03', 55)));
  });

  test('are seen by whoever asks while an earlier question is under way', async () => {
    const late = new Late();
    const { a, b } = await hosts(late.by);
    await b.store('^GSPC', changing(settled('2025-09-17', 6000)));
    const arrive = late.hold('row');
    const earlier = a.refresh();
    await until(() => late.taken === 1);
    await b.store('^RUT', changing(...YEARS));
    const refreshed = a.refresh();
    arrive();
    await Promise.all([earlier, refreshed]);
    expect(a.known('^RUT')).toEqual(YEARS);
  });

  test('leave notes as they were noted last', async () => {
    const { a, b } = await hosts();
    for (let time = 0; time < 50; time++) {
      await b.note('asked ^GSPC', String(time));
      const refreshed = a.refresh();
      await Promise.all([a.note('asked ^RUT', String(time)), a.noteLook({ symbol: '^RUT', bars: [] }, START + time)]);
      await refreshed;
      expect([a.noted('asked ^RUT'), a.noted('asked ^GSPC')]).toEqual([String(time), String(time)]);
      expect(a.looks().get('^RUT')).toBe(new Date(START + time).toISOString());
    }
  });
});
