import { AsyncLocalStorage } from 'node:async_hooks';
import { setTimeout } from 'node:timers/promises';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Judgement } from '../../../src/market/known-close.ts';
import { sessionsBetween } from '../../../src/market/new-york.ts';
import { SourceError } from '../../../src/market/source.ts';
import type { ClosesStore } from '../../../src/store/closes.ts';
import type { Postgres } from '../../../src/store/postgres/postgres.ts';
import { createClosesStore } from '../../../src/store/sqlite/closes.ts';
import { openDatabase } from '../../../src/store/sqlite/database.ts';
import { NO_POSTGRES, newDatabase } from '../../support/postgres.ts';
import { settled } from '../example-closes.ts';
import { one, openProcess } from './processes.ts';

const NOW = Date.parse('2026-01-05T22:00:00Z');
const RUNS = 60;

/** Sessions that one reading brought, so many days from a first one on. */
interface Span {
  readonly readAt: string;
  readonly from: number;
  readonly days: number;
  readonly close: number;
  readonly held: number;
  readonly isRevised: boolean;
}

type Act = { readonly after: number } & (
  | { readonly do: 'store'; readonly symbol: 'a' | 'b'; readonly span: Span }
  | { readonly do: 'note'; readonly value: string | null }
  | { readonly do: 'look'; readonly minutes: number }
  | { readonly do: 'refresh' }
);

/** What both hosts begin within some milliseconds, and by how many milliseconds the server's answers to it are late, in turn. */
interface Step {
  readonly here: readonly Act[];
  readonly there: readonly Act[];
  readonly delays: readonly number[];
}

const span: fc.Arbitrary<Span> = fc.record({
  readAt: fc.constantFrom('2024-02-01T22:00:00.000Z', '2025-02-01T22:00:00.000Z', '2026-01-05T22:00:00.000Z'),
  from: fc.integer({ min: 0, max: 3 * 365 }),
  days: fc.integer({ min: 1, max: 500 }),
  close: fc.integer({ min: 1, max: 99 }),
  held: fc.integer({ min: 0, max: 2000 }),
  isRevised: fc.boolean(),
});
const after = fc.constantFrom(0, 6, 12);
const act: fc.Arbitrary<Act> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ after, do: fc.constant('store'), symbol: fc.constantFrom('a', 'b'), span }) },
  {
    weight: 1,
    arbitrary: fc.record({
      after,
      do: fc.constant('note'),
      value: fc.option(fc.constantFrom('x', 'y'), { nil: null }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ after, do: fc.constant('look'), minutes: fc.integer({ min: 0, max: 99 }) }) },
  { weight: 4, arbitrary: fc.record({ after, do: fc.constant('refresh') }) },
) as fc.Arbitrary<Act>;
const step: fc.Arbitrary<Step> = fc.record({
  here: fc.array(act, { maxLength: 4, size: 'max' }),
  there: fc.array(act, { maxLength: 3, size: 'max' }),
  delays: fc.array(fc.constantFrom(0, 2, 15, 25), { minLength: 3, maxLength: 5 }),
});

function judgementOf({ readAt, from, days, close, held, isRevised }: Span): Judgement {
  const day = (count: number) => new Date(Date.UTC(2022, 0, 3 + count)).toISOString().slice(0, 10);
  const until = [day(from + days), readAt.slice(0, 10)].sort()[0] ?? '';
  const sessions = day(from) > until ? [] : sessionsBetween(day(from), until);
  const changed = sessions.map((session, position) => ({
    ...settled(session, close),
    firstReadAt: readAt,
    readAt,
    high: close + position / 100,
    // One of the sessions, in some of the readings.
    ...(position === held
      ? { close: null, readAt: null, state: 'held' as const, held: { close, reason: 'a big move', since: readAt } }
      : {}),
  }));
  const [first] = sessions;
  const to = { close, readAt, believed: true };
  const from_ = { close: 1, readAt: '2022-01-03T22:00:00.000Z', believed: false };
  return { changed, revisions: isRevised && first !== undefined ? [{ session: first, from: from_, to }] : [] };
}

/** Only one thing of each kind is done at once: of two, either may be the later one. Any number of looks may. */
function kindOf(act: Act): string {
  if (act.do === 'refresh') return `refresh ${act.after}`;
  return act.do === 'store' ? `store ${act.symbol}` : act.do;
}

/** What is to be done as soon as a version is written, before its answer is late. */
const whenWritten = new AsyncLocalStorage<() => Promise<void>>();

/** Lets answers be late, each by another time: they overtake each other. */
class LateAnswers {
  delays: readonly number[] = [];
  #asked = 0;

  readonly by = (postgres: Postgres): Postgres => ({
    ...postgres,
    transaction: (work) => this.#later(postgres.transaction(work)),
    row: (sql, ...values) => this.#later(postgres.row(sql, ...values)),
  });

  async #later<T>(asked: Promise<T>): Promise<T> {
    const delay = this.delays[this.#asked++ % this.delays.length] ?? 0;
    const answer = await asked;
    if (typeof answer === 'object' && answer !== null && 'isWritten' in answer) await whenWritten.getStore()?.();
    if (delay > 0) await setTimeout(delay);
    return answer;
  }
}

/** Two hosts, and a file that does what they are let do. */
class World {
  readonly file = createClosesStore(openDatabase(':memory:'));
  readonly #hosts: readonly ClosesStore[];
  readonly #run: string;
  /** Which host has stored a symbol last, in this step: it has seen all that the file has. */
  readonly #lastBy = new Map<string, number>();

  constructor(hosts: readonly ClosesStore[], run: number) {
    this.#hosts = hosts;
    this.#run = `${run}`;
  }

  symbols = () => ['a', 'b'].map((letter) => `${letter}${this.#run}`);

  /** What a store says of one symbol. */
  answers(closes: ClosesStore, symbol: string) {
    const { known, accepted, first, missing, hole, readFrom, held, highs, revisedSince, expected } = closes;
    return {
      known: known(symbol),
      since: known(symbol, '2024-03-01'),
      accepted: accepted(symbol, '2025-06-30'),
      first: first(symbol),
      missing: missing(symbol, NOW),
      hole: hole(symbol),
      readFrom: readFrom(symbol, NOW),
      held: held(symbol),
      highs: [...highs(symbol)],
      revisions: revisedSince(symbol, ''),
      expected: expected(symbol, NOW),
    };
  }

  looks(closes: ClosesStore): unknown {
    const notes = [0, 1].map((host) => closes.noted(`asked ${this.#run} ${host}`));
    return [notes, [0, 1].map((host) => closes.looks().get(`look${this.#run} ${host}`))];
  }

  async #do(act: Act, host: number): Promise<void> {
    const closes = this.#hosts[host] as ClosesStore;
    if (act.after > 0) await setTimeout(act.after);
    if (act.do === 'refresh') await closes.refresh();
    // Each host has notes of its own: of two who write one at once, either may be the later one.
    const stores = [closes, this.file];
    if (act.do === 'note') for (const each of stores) await each.note(`asked ${this.#run} ${host}`, act.value);
    if (act.do === 'look') {
      const reading = { symbol: `look${this.#run} ${host}`, bars: [] };
      for (const each of stores) await each.noteLook(reading, NOW + act.minutes * 60_000);
    }
    if (act.do !== 'store') return;
    const [symbol, judgement] = [`${act.symbol}${this.#run}`, judgementOf(act.span)];
    // Nothing is asked of the server then.
    if (judgement.changed.length === 0) return;
    const written = async () => {
      this.#lastBy.set(symbol, host);
      await this.file.store(symbol, judgement);
    };
    try {
      await whenWritten.run(written, () => closes.store(symbol, judgement));
    } catch (error) {
      expect(error).toBeInstanceOf(SourceError);
    }
  }

  async step({ here, there }: Step): Promise<void> {
    const acts = [here, there].flatMap((ofOne, host) =>
      [...new Map(ofOne.map((each) => [kindOf(each), each])).values()].map((each) => ({ host, act: each })),
    );
    this.#lastBy.clear();
    await Promise.all(acts.map(({ host, act: each }) => this.#do(each, host)));
    for (const [symbol, host] of this.#lastBy) this.#compare(host, symbol);
  }

  #compare(host: number, symbol: string): void {
    expect(this.answers(this.#hosts[host] as ClosesStore, symbol)).toEqual(this.answers(this.file, symbol));
  }

  /** Nothing is lost, and nothing put back: after a look, all is as in the file, and each of them may store. */
  async settle(): Promise<void> {
    for (const host of this.#hosts.keys()) {
      await this.#hosts[host]?.refresh();
      for (const symbol of this.symbols()) this.#compare(host, symbol);
      expect(this.looks(this.#hosts[host] as ClosesStore)).toEqual(this.looks(this.file));
    }
  }
}

describe.skipIf(NO_POSTGRES !== undefined)('closes that two hosts store and refresh at once', () => {
  test('are those of a file that does the same, whatever is late', async () => {
    const { url } = await newDatabase();
    const late = new LateAnswers();
    const hosts = [(await openProcess(url, late.by)).closes, (await openProcess(url, late.by)).closes];
    let run = 0;
    const worlds: World[] = [];
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 6, size: 'max' }), async (steps) => {
        const world = new World(hosts, ++run);
        worlds.push(world);
        for (const each of steps) {
          late.delays = each.delays;
          await world.step(each);
        }
        late.delays = [];
        await world.settle();
      }),
      // What depends on the time does not shrink.
      { numRuns: RUNS, seed: 1, endOnFailure: true },
    );
    // Whoever starts only then reads the same.
    const { closes } = await openProcess(url);
    for (const world of worlds) {
      for (const symbol of world.symbols()) {
        expect(world.answers(closes, symbol)).toEqual(world.answers(world.file, symbol));
      }
    }
    expect(
      await one(
        url,
        `select count(*)::int from closes c
           join packed_closes p on p.symbol = c.symbol and c.session between p.first and p.last`,
      ),
    ).toBe(0);
  });
});
