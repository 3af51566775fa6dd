import type { Close, Session } from '../market/close.ts';
import { daysBetween, toDay } from '../market/session.ts';

const DAY_MS = 86_400_000;

/** Two values for each pixel of the widest picture are all that can be seen. */
const BUCKETS = 800;

/**
 * The points of the index: as many as can be seen of all of it, and again as many of the stretch that is shown. By time and
 * not by number, as the closes before the source's history are sparse.
 */
export function indexPoints(
  closes: readonly Close[],
  from: Session = closes[0]?.session ?? '',
  to: Session = closes.at(-1)?.session ?? '',
): [number, number][] {
  const shown = closes.filter(({ session }) => session >= from && session <= to);
  const kept = new Set([...thinned(closes), ...thinned(shown)]);
  return closes.filter((close) => kept.has(close)).map(point);
}

/** Where a close lies in the chart: its time, and its height on the logarithmic scale. */
export function point({ session, close }: Close): [number, number] {
  return [time(session), Math.log10(close)];
}

/** A session on the axis of time, in epoch milliseconds. */
export function time(session: Session): number {
  return toDay(session) * DAY_MS;
}

/** The lowest and the highest close of each stretch of time, and both ends. */
function thinned(closes: readonly Close[]): Close[] {
  const [first, last] = [closes[0], closes.at(-1)];
  if (first === undefined || last === undefined || closes.length <= 2 * BUCKETS) return [...closes];
  const span = Math.max(1, daysBetween(first.session, last.session));
  const buckets = new Map<number, { low: Close; high: Close }>();
  for (const close of closes) {
    const bucket = Math.floor((daysBetween(first.session, close.session) / span) * BUCKETS);
    const known = buckets.get(bucket);
    if (known === undefined) buckets.set(bucket, { low: close, high: close });
    else if (close.close < known.low.close) known.low = close;
    else if (close.close > known.high.close) known.high = close;
  }
  const kept = [...buckets.values()].flatMap(({ low, high }) =>
    low.session < high.session ? [low, high] : [high, low],
  );
  return [first, ...kept, last];
}

/** Every record close, and the newest session: the height that was to be passed. */
export function recordLine(closes: readonly Close[]): Close[] {
  const records: Close[] = [];
  for (const close of closes) if (close.close > (records.at(-1)?.close ?? 0)) records.push(close);
  const [last, record] = [closes.at(-1), records.at(-1)];
  return last === undefined || record === undefined ? records : [...records, { ...record, session: last.session }];
}
