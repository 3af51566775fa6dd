import type { SignalLabels } from '../message/alert.ts';
import {
  eventTable,
  headline,
  hitRate,
  horizonTable,
  NONE_YET,
  NOT_KNOWN,
  orDash,
  trust,
} from '../message/evidence.ts';
import { change, count, date, horizon, plural, points, probability, share } from '../message/format.ts';
import type { Column, Table } from '../message/message.ts';
import { alignTable } from '../render/text-table.ts';
import type { FullHorizon, FullStudy, SeriesStudy } from '../study/full-study.ts';
import type { SensitivityRow } from '../study/sensitivity.ts';

/** The months of the mean path that are printed; all of them are in the JSON. */
const PATH_MONTHS = [1, 2, 3, 6, 9, 12, 15, 18, 21, 24];

/** The evidence as people read it. */
export function studyLines(
  study: FullStudy,
  { signal: { title, index }, benchmarkName, withDividends }: SignalLabels,
): string[] {
  const year = headline(study);
  const { seed, resamples, blockSessions } = study.resampling;
  if (study.events.length === 0) {
    return [
      `${named(title, index)}: no record close after a quiet period`,
      `There is no such event in the closes from ${date(study.span.from)} to ${date(study.span.to)}; record ${points(study.record.close)} on ${date(study.record.session)}.`,
    ];
  }
  return [
    `${named(title, index)}: record closes after a quiet period, and what the ${benchmarkName} did`,
    `Closes from ${date(study.span.from)} to ${date(study.span.to)}; record ${points(study.record.close)} on ${date(study.record.session)}`,
    '',
    ...alignTable(occasions(study, benchmarkName)),
    '',
    ...alignTable(horizonTable(study)),
    '',
    `After the event ${hitRate(benchmarkName, year)}.`,
    trust(year),
    `${withDividends ? `The ${benchmarkName} reinvests dividends.` : 'Price only, without dividends.'} Pending outcomes are not counted. Max drawdown: the deepest fall from a high within the 12 months.`,
    '',
    'Events less any day',
    ...alignTable(differences(study)),
    `95% intervals: circular block bootstrap, ${count(resamples)} resamples of blocks of ${plural(blockSessions, 'session')}, which keep the spacing of events; seed ${seed}.`,
    'p, one-sided: how often the same pattern of events, moved along all sessions, does as well. Without one: the mean with one event left out.',
    'Independent: the greatest number of windows that do not overlap. No interval for fewer than eight events, or for a share of all or none.',
    '',
    `Inside the window of the ${benchmarkName}`,
    ...alignTable(inside(study)),
    '',
    `The mean path of the ${benchmarkName}`,
    ...alignTable(path(study)),
    '',
    ...seriesLines(`The ${title} itself`, study.index, `Excess over the ${benchmarkName}'s`),
    ...(study.totalReturn === null
      ? ['With dividends: no such series is stored (totalReturn in config/signals.json).']
      : seriesLines(`The ${benchmarkName} with dividends`, study.totalReturn, 'Excess over its own')),
  ];
}

/** How the evidence hangs on the rule, as people read it. */
export function sensitivityLines(
  rows: readonly SensitivityRow[],
  { signal: { title, index }, benchmarkName }: SignalLabels,
): string[] {
  return [
    `${named(title, index)}: what the ${benchmarkName} did in the 12 months after the event, by other readings of the rule`,
    '',
    ...alignTable({
      columns: [
        { title: 'Rule', align: 'left', essential: true },
        { title: 'Higher', align: 'right', essential: true },
        { title: 'Share', align: 'right', essential: true },
        { title: 'Mean', align: 'right', essential: true },
      ],
      rows: rows.map(({ rule, n, up, mean }) => [
        rule,
        n === 0 ? NONE_YET : `${up} of ${n}`,
        n === 0 ? NOT_KNOWN : share(up / n),
        orDash(mean, change),
      ]),
    }),
    '',
    'Only outcomes that are reached count. The first row is the rule that alerts follow.',
  ];
}

function occasions(study: FullStudy, benchmarkName: string): Table {
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

function differences(study: FullStudy): Table {
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

function inside(study: FullStudy): Table {
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

function path({ path: points }: FullStudy): Table {
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

function seriesLines(heading: string, { symbol, from, to, horizons }: SeriesStudy, excess: string): string[] {
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

function named(title: string, index: string): string {
  return title === index ? index : `${title} (${index})`;
}
