import { eventTable, NONE_YET, NOT_KNOWN, orDash } from '../message/evidence.ts';
import { change, count, date, horizon, points, probability, share } from '../message/format.ts';
import type { Column, Table } from '../message/message.ts';
import type { FullHorizon, FullStudy } from '../study/full-study.ts';
import type { SeriesStudy } from '../study/series-study.ts';
import { paragraph, tableLines } from './width.ts';

/** The months of the mean path that are printed; all of them are in the JSON. */
const PATH_MONTHS = [1, 2, 3, 6, 9, 12, 15, 18, 21, 24];

/** Every occasion: the record that it passed, and how long the index was quiet. */
export function occasions(study: FullStudy): Table {
  return {
    columns: [
      { title: 'Record close', align: 'left', essential: true },
      { title: 'Close', align: 'right', essential: true },
      { title: 'Past the record of', align: 'left', essential: true },
      { title: 'Quiet days', align: 'right', essential: true },
      { title: 'Sessions', align: 'right', essential: true },
    ],
    rows: study.events
      .toReversed()
      .map(({ session, close, previousRecord, quietDays, quietSessions }) => [
        date(session),
        points(close),
        `${points(previousRecord.close)} on ${date(previousRecord.session)}`,
        count(quietDays),
        orDash(quietSessions, count),
      ]),
  };
}

/** What followed every occasion: the table of an alert without the quiet days, which the occasions have. */
export function outcomesAfter(study: FullStudy, benchmarkName: string): Table {
  const { columns, rows } = eventTable(study, benchmarkName);
  const quiet = columns.findIndex(({ title }) => title === 'Quiet days');
  const without = <T>(cells: readonly T[]) => cells.filter((_, column) => column !== quiet);
  return { columns: without(columns), rows: rows.map(without) };
}

/** The mean after events less that after any day, with how sure that is. */
export function meanDifferences(study: FullStudy): Table {
  return byHorizon(study, ['n', 'Difference', '95% interval', 'p', 'Leave one out'], (h) => [
    String(h.n),
    orDash(h.difference.mean, pointsOf),
    between(h.difference.meanInterval, pointsOf),
    orDash(h.difference.meanP, probability),
    between(h.leaveOneOut, change),
  ]);
}

/** The share of events that were followed by a rise less that of any day, with how sure that is. */
export function rateDifferences(study: FullStudy): Table {
  return byHorizon(study, ['n', 'Difference', '95% interval', 'p', 'Independent'], (h) => [
    String(h.n),
    orDash(h.difference.rate, pointsOf),
    between(h.difference.rateInterval, pointsOf),
    orDash(h.difference.rateP, probability),
    `${h.independent} of ${h.n}`,
  ]);
}

/** What happened inside the windows: the deepest falls and the highest gains. */
export function inside(study: FullStudy): Table {
  return byHorizon(
    study,
    ['n', 'Worst drawdown', 'Median', 'Sessions to the low, median', 'Largest gain', 'Median'],
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

/** How another series is called. */
interface SeriesWords {
  readonly heading: string;
  /** The title of the benchmark's price return after the same events. */
  readonly price: string;
  /** Whose any-day mean is taken off for the excess. */
  readonly anyDayOf: string;
}

/** The same horizons of another series: the index itself, or the benchmark with dividends. */
export function seriesLines(
  { symbol, from, to, horizons }: SeriesStudy,
  { heading, price, anyDayOf }: SeriesWords,
): string[] {
  if (from === '') return ['', ...paragraph(`${heading}: no close of ${symbol} is stored.`)];
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
  const titles = ['Higher', 'Mean', 'Median', 'Worst', 'Any day', 'Any-day mean', price, 'Excess'];
  return [
    '',
    `${heading} (${symbol})`,
    ...tableLines({ columns: table(titles), rows }),
    ...paragraph(
      `Closes from ${date(from)} to ${date(to)}; only events whose window lies within them. Excess: the mean less the any-day mean of the ${anyDayOf}.`,
    ),
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
