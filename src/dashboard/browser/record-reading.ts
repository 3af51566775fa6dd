import type { RecordChartFacts } from '../../chart/record-chart.ts';
import { calendarTime, change, date, points } from '../../message/format.ts';
import { lastOnOrBefore } from '../../study/outcomes.ts';
import { dateAt } from './stretch.ts';

/** How the closes of the record chart are read, one by one. */
export interface RecordReading {
  /** The words of the close at a position: what it is, and how far from the record that stood. */
  describe(position: number): string[];
  /** The position of the last close at a time of the axis. */
  positionAt(time: number): number;
}

/** Prepares the reading of all closes. */
export function recordReading(facts: RecordChartFacts): RecordReading {
  const { closes } = facts;
  const records = recordsOf(facts);
  const events = new Set(facts.events.map(({ session }) => session));
  return {
    describe: (position) => {
      const [close, record] = [closes[position], closes[records[position] ?? 0]];
      if (close === undefined || record === undefined) return [];
      const where =
        record === close
          ? 'a record close'
          : `${change(record.close / close.close - 1, 2)} to the record of ${date(record.session)} (${calendarTime(record.session, close.session)})`;
      const event = events.has(close.session) ? ['the first record in over a year'] : [];
      return [`${date(close.session)}: ${points(close.close)}`, where, ...event];
    },
    positionAt: (time) => lastOnOrBefore(closes, dateAt(time)),
  };
}

/** Per close the position of the record that stood at its end. */
function recordsOf({ closes }: RecordChartFacts): number[] {
  let record = 0;
  return closes.map(({ close }, position) => {
    if (close > (closes[record]?.close ?? 0)) record = position;
    return record;
  });
}
