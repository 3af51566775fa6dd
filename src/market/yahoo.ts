import type { Session } from './close.ts';
import { NEW_YORK } from './exchange.ts';
import { addDays, addMonths } from './session.ts';
import { type Bar, type Reading, type Source, SourceError } from './source.ts';
import { EPOCH, toReading } from './yahoo-reading.ts';
import { requestChart, type YahooOptions } from './yahoo-request.ts';

export type { YahooOptions } from './yahoo-request.ts';

/** Sessions from one to another, both included. */
interface Span {
  readonly from: Session;
  readonly until: Session;
}

/** What one piece of a history spans. */
const PIECE_MONTHS = 120;
/** So many pieces are asked for again at most, in one reading. */
const MOST_PIECES = 12;

/** Daily closes from Yahoo Finance. What its first answer lacks is asked for again in pieces. */
export function createYahooSource(options: YahooOptions): Source {
  return {
    name: 'yahoo',
    needsNetwork: true,
    read: async (symbol, from, now) => {
      const first = await ask(symbol, from, undefined, now, options);
      const { bars } = first.reading;
      const pieces = lackingSpans(first.reading, from, now).flatMap(inPieces).slice(0, MOST_PIECES);
      let lastError = first.refused;
      let [all, answeredAt] = [bars, first.reading.answeredAt];
      for (const { from, until } of pieces) {
        try {
          const { reading } = await ask(symbol, from, until, now, options);
          all = merged(all, reading.bars);
          answeredAt = reading.answeredAt;
        } catch (error) {
          // What is there is worth having; that it is not whole is for the store to see.
          if (!(error instanceof SourceError)) throw error;
          lastError = error;
        }
      }
      if (all.length === 0 && lastError !== undefined) throw lastError;
      return { ...first.reading, bars: all, ...(answeredAt === undefined ? {} : { answeredAt }) };
    },
  };
}

/** One request. An answer to the whole history that is not of days has no bars, and says why. */
async function ask(
  symbol: string,
  from: Session | undefined,
  until: Session | undefined,
  now: number,
  options: YahooOptions,
): Promise<{ reading: Reading; refused?: SourceError }> {
  const { chart, answeredAt } = await requestChart(symbol, from, until, now, options);
  try {
    return { reading: toReading(symbol, from, chart, { now, answeredAt }) };
  } catch (error) {
    const refused = error instanceof SourceError ? new SourceError(`${symbol}: ${error.message}`) : undefined;
    const coarse = from === undefined && chart.granularity !== undefined && chart.granularity !== '1d';
    if (refused === undefined || !coarse) throw refused ?? error;
    const empty = { ...chart, granularity: '1d', bars: [] };
    return { reading: toReading(symbol, from, empty, { now, answeredAt }), refused };
  }
}

/**
 * Where a reading cannot be whole: it begins weeks after the first trade that the same answer tells, has a hole of weeks,
 * or ends weeks ago.
 */
function lackingSpans(reading: Reading, from: Session | undefined, now: number): Span[] {
  const { bars, firstTrade, exchange = NEW_YORK } = reading;
  const begin = firstTrade === undefined ? from : [from ?? EPOCH, firstTrade].sort().at(-1);
  const sessions = bars.flatMap(({ session, close }) => (close === null ? [] : [session]));
  const today = exchange.date(now);
  if (sessions.length === 0) return from === undefined ? [{ from: begin ?? EPOCH, until: today }] : [];
  const marks = [...(begin === undefined || begin >= (sessions[0] ?? '') ? [] : [begin]), ...sessions, today];
  return marks.flatMap((mark, position) => {
    const previous = marks[position - 1];
    return previous !== undefined && exchange.isGap(previous, mark) ? [{ from: previous, until: mark }] : [];
  });
}

function inPieces({ from, until }: Span): Span[] {
  const pieces: Span[] = [];
  for (let begin = from; begin <= until; ) {
    const next = addMonths(begin, PIECE_MONTHS);
    pieces.push({ from: begin, until: next <= until ? addDays(next, -1) : until });
    begin = next;
  }
  return pieces;
}

/** Both, ascending, one bar a session; where both have one, the first list's, unless it has no value. */
function merged(bars: readonly Bar[], more: readonly Bar[]): readonly Bar[] {
  const all = new Map(more.map((bar) => [bar.session, bar]));
  for (const bar of bars) if (bar.close !== null || !all.has(bar.session)) all.set(bar.session, bar);
  return [...all.values()].sort((a, b) => (a.session < b.session ? -1 : 1));
}
