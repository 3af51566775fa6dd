import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Close, roundClose, type Session } from '../../src/market/close.ts';
import { readCloses } from '../../src/market/csv.ts';
import type { KnownClose } from '../../src/market/known-close.ts';
import { judge } from '../../src/market/sanity.ts';
import { addMonths } from '../../src/market/session.ts';
import { joinHistory } from '../../src/signal/first-record.ts';

const ROOT = join(import.meta.dirname, '../..');
const MARKET_DATA = join(ROOT, '../shared/market-data');
/** `maxDailyMove` of config/signals.json, a fraction. */
const MAX_MOVE = 0.15;
/** So many evenings after the last wrong close everything that later closes can still decide is decided. */
const EVENINGS_AFTER = 4;

/** Closes that are true, and which of them are records that end a year without one. */
export interface Truth {
  readonly symbol: string;
  /** Sparse record closes from before the series: they count as records and are never wrong. */
  readonly before: readonly Close[];
  readonly closes: readonly Close[];
  /** By the definition alone, in code of its own. */
  readonly events: ReadonlySet<Session>;
}

/** The real closes of one symbol; undefined where they are absent (docs/architecture.md, "Facts to reproduce"). */
export function truthOf(symbol: string): Truth | undefined {
  const path = join(MARKET_DATA, `${symbol}.csv`);
  if (!existsSync(path)) return undefined;
  const closes = readCloses(path);
  const file = join(ROOT, 'data/before-yahoo.csv');
  const { closes: joined, sourceFrom } = joinHistory(
    symbol === '^RUT' ? readCloses(file) : [],
    symbol === '^RUT' ? '1987-09-10' : undefined,
    closes,
  );
  const before = joined.slice(0, sourceFrom);
  return { symbol, before, closes, events: new Set(eventsAfter(recordOf(before), closes)) };
}

const NO_RECORD: Close = { close: 0, session: '' };

function recordOf(closes: readonly Close[]): Close {
  return closes.reduce((record, close) => (close.close > record.close ? close : record), NO_RECORD);
}

/** The sessions of the events among closes that follow a record. */
function eventsAfter(record: Close, closes: readonly Close[], from = 0): Session[] {
  const events: Session[] = [];
  let { close: best, session: since } = record;
  for (let at = from; at < closes.length; at++) {
    const { session, close } = closes[at] as Close;
    if (close <= best) continue;
    if (since !== '' && session > addMonths(since, 12)) events.push(session);
    [best, since] = [close, session];
  }
  return events;
}

/** What came of closes that were wrong by one factor. */
export interface Spike {
  /** Sessions that were told though they are no event. */
  readonly invented: readonly Session[];
  /** Events that were never told. */
  readonly lost: readonly Session[];
  /** True where all that is wrong is an event whose own close is wrong: the next record close is told in its place. */
  readonly isLate: boolean;
  /** True where true closes after the wrong ones are still not believed. */
  readonly lockedOut: boolean;
}

/** Lives the evenings of wrong closes as a source without low, high and last price tells them: a close each evening. */
export function createSpikes({ before, closes, events }: Truth) {
  const times = closes.map(({ session }) => Date.parse(`${session}T21:45:00Z`));
  const records: Close[] = [recordOf(before)];
  for (const [at, close] of closes.entries()) {
    const last = records[at] as Close;
    records.push(close.close > last.close ? close : last);
  }
  const settled = closes.map(({ session, close }): KnownClose => {
    const readAt = `${session}T21:45:00.000Z`;
    return { session, close, state: 'settled', firstReadAt: readAt, readAt, held: null };
  });
  const trueEvents = [...events].sort();

  /** @param at position of the first wrong close; at least one is before it */
  return function spike(at: number, days: number, factor: number): Spike {
    const end = Math.min(closes.length, at + days + EVENINGS_AFTER);
    const read = closes.slice(at - 1, end).map(({ session, close }, nth) => ({
      session,
      close: nth >= 1 && nth <= days ? roundClose(close * factor) : close,
    }));
    const known: KnownClose[] = [settled[at - 1] as KnownClose];
    const told = new Set<Session>();
    const record = records[at] as Close;
    for (let evening = at; evening < end; evening++) {
      const bars = read.slice(0, evening - at + 2);
      const { changed } = judge({ symbol: 'X', bars }, known, MAX_MOVE, times[evening] as number);
      for (const row of changed) {
        const there = known.findIndex(({ session }) => session === row.session);
        if (there < 0) known.push(row);
        else known[there] = row;
      }
      for (const event of eventsAfter(record, accepted(known))) told.add(event);
    }
    const after = recordOf([record, ...accepted(known)]);
    const truly = records[end] as Close;
    const same = after.close === truly.close && after.session === truly.session;
    const later = same
      ? trueEvents.filter((session) => session >= (closes[end]?.session ?? '9999'))
      : eventsAfter(after, closes, end);
    for (const event of later) told.add(event);
    const from = closes[at]?.session ?? '';
    const invented = [...told].filter((session) => !events.has(session));
    const lost = trueEvents.filter((session) => session >= from && !told.has(session));
    const wrong = read.slice(1, days + 1).map(({ session }) => session);
    const [missed = '', instead = ''] = [lost[0], invented[0]];
    return {
      invented,
      lost,
      isLate: invented.length === 1 && lost.length === 1 && wrong.includes(missed) && instead > missed,
      lockedOut: end === at + days + EVENINGS_AFTER && known.slice(-3).every(({ close }) => close === null),
    };
  };
}

function accepted(known: readonly KnownClose[]): Close[] {
  return known.slice(1).flatMap(({ session, close }) => (close === null ? [] : [{ session, close }]));
}
