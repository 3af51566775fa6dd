import type { Session } from './close.ts';
import { type Exchange, exchangeIn, NEW_YORK, timeOfDay } from './exchange.ts';
import { CALENDAR_FROM, CLOSE_LAG_MS, newYorkTime } from './new-york.ts';
import { CENTS, decimalsSaid } from './precision.ts';
import { isDate, isWeekend } from './session.ts';
import { type Bar, type Reading, SourceError } from './source.ts';
import { CLOCKS_DIFFER } from './stamp.ts';
import { type Chart, refusal } from './yahoo-chart.ts';

/** How far before the end of its session a bar's last trade makes it a live one; without a second clock, at all. */
const LIVE_BEFORE_MS = 15 * 60_000;
/** What is asked for as the whole history begins here. */
export const EPOCH = '1970-01-01';
/**
 * A share of bars on weekends that no exchange reaches: where every date is wrong by a day it is a fifth, in India, with
 * its sessions on single Saturdays and Sundays, two of thirty.
 */
const TOO_MANY_WEEKENDS = 1 / 8;

/** The clocks that were read with an answer, epoch milliseconds. */
export interface Clocks {
  readonly now: number;
  /** What the answer's `Date` says; undefined where it does not. */
  readonly answeredAt: number | undefined;
}

/**
 * The sessions of a chart that are over by both clocks, from session `from` on. A bar is a close when its date is before
 * today (at the exchange), or when its own session's hours ended 35 minutes ago. Yahoo tells the hours of one session
 * only, from some time in the night those of the next: these say nothing of the bar before.
 *
 * A repeated bar counts with its last value: Yahoo appends the live bar to the daily one. Bars of a day without a session
 * are none, nor are bars from before what was asked for. In New York the days are known; elsewhere a bar with a value is
 * a session, on a Saturday too.
 * @throws {SourceError} where the answer is about another symbol, not of days, or dated in a wrong time zone
 */
export function toReading(symbol: string, from: Session = EPOCH, chart: Chart, told: Clocks): Reading {
  const { timeZone, price, tradedAt, firstTrade } = chart;
  const decimals = decimalsSaid(chart.decimals);
  if (chart.symbol.toUpperCase() !== symbol.toUpperCase()) {
    throw new SourceError(`Yahoo answered for '${chart.symbol.slice(0, 40)}' instead; the next run tries again`);
  }
  refuseOtherBars(chart);
  const exchange = exchangeOf(chart);
  const clocks = believable(told, chart);
  const traded = tradedAt === undefined ? undefined : exchange.date(tradedAt);
  const first = firstTrade === undefined ? undefined : exchange.date(firstTrade);
  const begins = first !== undefined && isDate(first) && first > from ? first : from;
  const isOver = sessionsOver(chart, exchange, clocks);
  const bars = new Map<Session, Bar>();
  let weekends = 0;
  for (const { at, close, low, high } of chart.bars) {
    const session = exchange.date(at);
    if (!isDate(session) || session < begins || !isOver(session, at)) continue;
    if (exchange === NEW_YORK && newYorkTime(at) >= EVENING) continue;
    const known = bars.get(session)?.close ?? null;
    // Of two values of the newest session, the one that is the last price.
    if (known !== null && (close === null || (session === traded && isNearer(known, close, price)))) continue;
    if (isWeekend(session) && !exchange.isTradingDay(session)) weekends++;
    if (!isSession(exchange, session, close)) continue;
    bars.set(session, { session, close, ...(low === null ? {} : { low }), ...(high === null ? {} : { high }) });
  }
  if (weekends > 1 && weekends > bars.size * TOO_MANY_WEEKENDS) {
    throw new SourceError(
      `${weekends} bars fall on weekends, so the time zone '${timeZone}' cannot be right; the next run tries again`,
    );
  }
  return {
    symbol,
    bars: [...bars.values()].sort((a, b) => (a.session < b.session ? -1 : 1)),
    ...(chart.period === undefined && exchange !== NEW_YORK ? {} : { exchange }),
    ...(first !== undefined && isDate(first) ? { firstTrade: first } : {}),
    ...(price === undefined || tradedAt === undefined
      ? {}
      : { marketPrice: { session: exchange.date(tradedAt), price } }),
    ...(decimals === CENTS ? {} : { decimals }),
    ...(clocks.answeredAt === undefined ? {} : { answeredAt: clocks.answeredAt }),
  };
}

/** Where the chart's symbol trades. Without hours the day itself has to end. */
function exchangeOf({ timeZone, period }: Chart): Exchange {
  try {
    return exchangeIn(timeZone, period === undefined ? '23:59' : timeOfDay(timeZone, period.end));
  } catch {
    throw refusal('meta.exchangeTimezoneName', timeZone, 'a time zone');
  }
}

/** Tells of a bar, by its session and its own time, whether its session is over by both clocks. */
function sessionsOver(
  { period, tradedAt }: Chart,
  exchange: Exchange,
  { now, answeredAt }: Clocks,
): (session: Session, at: number) => boolean {
  const time = Math.min(now, answeredAt ?? now);
  const today = exchange.date(time);
  const periodDay = period && exchange.date(period.end);
  const settled = period !== undefined && time >= period.end + CLOSE_LAG_MS;
  /** Today's session ends by the hours of today; where Yahoo tells those of a later day already, or none, by the calendar's. */
  const rolled = period === undefined ? exchange === NEW_YORK : exchange.date(period.start ?? period.end) > today;
  const todayIsOver =
    periodDay === today ? settled : rolled && time >= exchange.closingTime(today) + CLOSE_LAG_MS && isTraded(today);
  // A feed that stands still in the middle of a session, and a clock that is ahead of an answer without a Date, look alike.
  const margin = answeredAt === undefined ? 0 : LIVE_BEFORE_MS;
  const stalled =
    period !== undefined && tradedAt !== undefined && tradedAt < period.end - margin && isTraded(periodDay);
  const live = stalled && !(answeredAt !== undefined && periodDay !== undefined && periodDay < today);

  function isTraded(day: Session | undefined): boolean {
    return tradedAt !== undefined && exchange.date(tradedAt) === day;
  }
  return (session, at) => {
    // In a time zone that is not the exchange's the date may turn while the session still runs.
    if (period?.start !== undefined && at >= period.start && !settled) return false;
    if (live && session === periodDay) return false;
    return session < today || (session === today && todayIsOver);
  };
}

/** From this time on a bar of New York is stamped with the midnight of another place: its date is not its session. */
const EVENING = '18:00';

function isNearer(one: number, other: number, price: number | undefined): boolean {
  return price !== undefined && Math.abs(one - price) < Math.abs(other - price);
}

/** The same clocks, without an answer's time that its own last trade contradicts. */
function believable({ now, answeredAt }: Clocks, { tradedAt }: Chart): Clocks {
  const isWrong = answeredAt !== undefined && tradedAt !== undefined && tradedAt > answeredAt + CLOCKS_DIFFER;
  return { now, answeredAt: isWrong ? undefined : answeredAt };
}

function isSession(exchange: Exchange, session: Session, close: number | null): boolean {
  if (exchange.isTradingDay(session)) return true;
  // Holidays of New York are known from then on only.
  if (exchange.knowsHolidays) return !isWeekend(session) && session < CALENDAR_FROM;
  return close !== null;
}

/** Bars of weeks or months are not closes; where Yahoo does not say what its bars are, their distance does. */
function refuseOtherBars({ granularity, bars }: Chart): void {
  if (granularity === '1d') return;
  if (granularity !== undefined) {
    throw new SourceError(`Yahoo sent bars of '${granularity.slice(0, 40)}' instead of days; the next run tries again`);
  }
  const distances = bars.slice(1).map(({ at }, position) => at - (bars[position]?.at ?? at));
  const median = distances.toSorted((a, b) => a - b)[Math.floor(distances.length / 2)] ?? 0;
  if (median > 4 * 86_400_000) throw refusal('meta.dataGranularity', undefined, "'1d'");
}
