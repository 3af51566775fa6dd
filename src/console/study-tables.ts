import { eventTable, NONE_YET, NOT_KNOWN, orDash } from '../message/evidence.ts';
import { change, count, date, horizon, points, probability, share } from '../message/format.ts';
import type { Column, Table } from '../message/message.ts';
import { alignTable } from '../render/text-table.ts';
import type { FullHorizon, FullStudy } from '../study/full-study.ts';
import type { SeriesStudy } from '../study/series-study.ts';

/** The months of the mean path that are printed; all of them are in the JSON. */
const PATH_MONTHS = [1, 2, 3, 6, 9, 12, 15, 18, 21, 24];

/** Every occasion: the record that it passed, how long was quiet, and what followed. */
export function occasions(study: FullStudy, benchmarkName: string): Table {
  const quiet: Column = { title: 'Sessions', align: 'right', essential: false };
  const record: Column = { title: 'Past the record of', align: 'left', essential: false };
  const { columns, rows } = eventTable(study, benchmarkName);
  const [session, days, ...outcomes] = columns;
  const newestFirst = study.events.toReversed();
  return {
    columns: [session, record, days, quiet, ...outcomes].filter((column) => column !== undefined),
    rows: rows.map(([day = '', quietDays = '', ...values], row) => {
      const event = newestFirst[row];
      const past = event && `${points(event.previousRecord.close)} of ${date(event.previousRecord.session)}`;
      return [day, past ?? '', quietDays, event?.quietSessions == null ? 'n/a' : count(event.quietSessions), ...values];
    }),
  };
}

/** What followed events less what followed any day, with how sure that is. */
export function differences(study: FullStudy): Table {
  return byHorizon(
    study,
    ['n', 'Mean', '95% interval', 'p', 'Higher', '95% interval', 'p', 'Without one', 'Independent'],
    (h) => [
      String(h.n),
      orDash(h.difference.mean, pointsOf),
      between(h.difference.meanInterval, pointsOf),
      orDash(h.difference.meanP, probability),
      orDash(h.difference.rate, pointsOf),
      between(h.difference.rateInterval, pointsOf),
      orDash(h.difference.rateP, probability),
      between(h.leaveOneOut, change),
      `${h.independent} of ${h.n}`,
    ],
  );
}

/** What happened inside the windows: the deepest falls and the highest gains. */
export function inside(study: FullStudy): Table {
  return byHorizon(
    study,
    ['n', 'Worst drawdown', 'Median', 'Sessions to its low, median', 'Largest gain', 'Median'],
    ({ n, inside: window }) => [
      String(n),
      orDash(window.worstDrawdown, change),
      orDash(window.medianDrawdown, change),
      orDash(window.medianTroughSessions, (sessions) => count(Math.round(sessions))),
      orDash(window.largestGain, change),
      orDash(window.medianGain, change),
    ],
  );
}

/** The mean path after an event, month by month. */
export function path({ path: points }: FullStudy): Table {
  const shown = points.filter(({ month }) => PATH_MONTHS.includes(month));
  return {
    columns: table(['n', 'Mean', 'Median', 'Any-day mean']),
    rows: shown.map(({ month, n, mean, median, baseMean }) => [
      horizon(month),
      String(n),
      orDash(mean, change),
      orDash(median, change),
      orDash(baseMean, change),
    ]),
  };
}

/** The same horizons of another series: the index itself, or the benchmark with dividends. */
export function seriesLines(heading: string, { symbol, from, to, horizons }: SeriesStudy, excess: string): string[] {
  if (from === '') return [`${heading}: no close of ${symbol} is stored.`, ''];
  const rows = Object.entries(horizons).map(([months, h]) => [
    horizon(Number(months)),
    h.n === 0 ? NONE_YET : `${h.up} of ${h.n}`,
    orDash(h.mean, change),
    orDash(h.median, change),
    orDash(h.min, change),
    orDash(h.baseRate, (rate) => share(rate, 1)),
    orDash(h.baseMean, change),
    orDash(h.priceMean, change),
    orDash(h.excess, pointsOf),
  ]);
  return [
    `${heading} (${symbol}, closes from ${date(from)} to ${date(to)}: only events whose window lies within them)`,
    ...alignTable({
      columns: table(['Higher', 'Mean', 'Median', 'Worst', 'Any day', 'Any-day mean', 'Benchmark, price', excess]),
      rows,
    }),
    '',
  ];
}

function byHorizon(study: FullStudy, titles: readonly string[], of: (horizon: FullHorizon) => string[]): Table {
  return {
    columns: table(titles),
    rows: Object.entries(study.horizons).map(([months, figures]) => [horizon(Number(months)), ...of(figures)]),
  };
}

function table(titles: readonly string[]): Column[] {
  return ['After', ...titles].map((title, column) => ({
    title,
    align: column === 0 ? 'left' : 'right',
    essential: true,
  }));
}

/** A difference of two percentages, in percentage points. */
function pointsOf(fraction: number): string {
  return change(fraction).replace('%', ' pts');
}

function between(interval: readonly [number, number] | null, format: (value: number) => string): string {
  return interval === null ? NOT_KNOWN : `${format(interval[0])} to ${format(interval[1])}`.replace(' pts to', ' to');
}
