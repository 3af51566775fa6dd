import { daysBetween } from '../market/session.ts';
import { bestGuessOf } from '../study/expectation.ts';
import type { SensitivityRow } from '../study/sensitivity.ts';
import type { HorizonStatistics, StudiedEvent, Study } from '../study/study.ts';
import { armedDays, recordAgainstWait } from './armed-days.ts';
import { withDividends } from './dividends.ts';
import { bestGuess } from './expectation.ts';
import { capital, change, count, date, horizon, plural, points, probability, share } from './format.ts';
import type { Section, Table } from './message.ts';

/** What a table says where there is no outcome, or no figure. */
export const NONE_YET = 'none yet';
export const NOT_KNOWN = '–';

/** Fewer events than this are no evidence, however favourable. */
export const FEW = 5;
const A_MONTH_DAYS = 31;

/** The 12-month statistics, which the signal's settings guarantee. */
export function headline(study: Study): HorizonStatistics {
  const statistics = study.horizons[12];
  if (statistics === undefined) throw new TypeError(`the study of ${study.signal} has no horizon of 12 months`);
  return statistics;
}

/** "the S&P 500 was higher a year later in 10 of 11 (any day: 79%)", or that nothing is known. */
export function hitRate(benchmarkName: string, { n, up, baseRate }: HorizonStatistics): string {
  if (n === 0) return `no one-year outcome of the ${benchmarkName} is known yet`;
  return `the ${benchmarkName} was higher a year later in ${up} of ${n} (any day: ${baseRate === null ? 'not known' : share(baseRate)})`;
}

/**
 * What the benchmark did after every event of the study.
 * @param dividends the same year with dividends; null where they are not known. They are told of the same occasions only
 */
export function whatFollowed(study: Study, benchmarkName: string, dividends: HorizonStatistics | null): Section {
  const year = headline(study);
  const known = study.events.filter(({ outcomes }) => typeof outcomes[12] === 'number');
  const worst = extreme(known, year.min);
  const best = extreme(known, year.max);
  const figures =
    year.mean === null || year.median === null || worst === null || best === null
      ? ''
      : `: mean ${change(year.mean)}, median ${change(year.median)}, best ${best}, worst ${worst}`;
  return {
    heading: `What the ${benchmarkName} did after earlier occasions`,
    paragraphs: [
      `${capital(hitRate(benchmarkName, year))}${figures}.`,
      ...[dividends?.n === year.n ? (withDividends(benchmarkName, dividends) ?? []) : []].flat(),
    ],
    table: eventTable(study, benchmarkName),
  };
}

/** Per horizon: the events against any day of the same span, and against the days of waiting for one. */
export function comparedWithAnyDay(study: Study, benchmarkName: string): Section {
  const year = headline(study);
  const { baseRate, baseMean, baseMedian, baseN } = year;
  const anyDay =
    baseRate === null || baseMean === null || baseMedian === null
      ? 'The base rate is not known yet.'
      : `Bought on any day since ${date(study.span.from)}, event or not (${count(baseN)} days), the ${benchmarkName} was ` +
        `higher a year later ${share(baseRate, 1)} of the time: mean ${change(baseMean)}, median ${change(baseMedian)}.`;
  const paragraphs = [anyDay, armedDays(benchmarkName, year) ?? []].flat();
  return { heading: 'Compared with any day', paragraphs, table: horizonTable(study) };
}

/** How little a few events prove, said with figures. */
export function trust(statistics: HorizonStatistics): string {
  return `${verdict(statistics)} ${odds(statistics)}`.trim();
}

function verdict({ n, up, baseRate, pValue }: HorizonStatistics): string {
  if (n === 0 || baseRate === null || pValue === null) return 'There is no evidence yet: no outcome is known.';
  if (up / n <= baseRate) return 'This is no better than any day.';
  if (n < FEW) return 'So few occasions say nothing.';
  if (pValue >= 0.05) return 'The record is favourable but thin, and proves nothing.';
  return 'Chance alone would seldom do this, but the occasions are few.';
}

/** The chance of as many hits at the rate of any day, and where the true rate may lie; empty where nothing is known. */
export function odds({ n, up, pValue, wilson }: HorizonStatistics): string {
  if (n === 0 || pValue === null || wilson === null) return '';
  return (
    `At the rate of any day, chance alone gives ${up} or more of ${n} with p = ${probability(pValue)} (one-sided). ` +
    `With ${plural(n, 'occasion')} the true rate may lie anywhere from ${share(wilson[0])} to ${share(wilson[1])} (95% Wilson interval).`
  );
}

/** What the record itself adds to the wait for it, and the best guess for next time: a sentence each, where they are known. */
export function againstWaiting(year: HorizonStatistics): string[] {
  const guess = year.n === 0 ? null : bestGuessOf(year);
  return [recordAgainstWait(year) ?? [], guess === null ? [] : bestGuess(year, guess)].flat();
}

/** How far the figures depend on the rule, as a sentence; undefined where no other rule has an outcome. */
export function otherRules(rows: readonly SensitivityRow[], { baseRate }: HorizonStatistics): string | undefined {
  const range = rangeOfRules(rows);
  const anyDay = baseRate === null ? 'not known' : share(baseRate);
  return (
    range &&
    `Sensitivity to the rule: by ${range.ways} other readings of it, ${range.counts} were higher (any day: ${anyDay}), with a mean of ${range.means}.`
  );
}

/**
 * What other readings of the rule give, from the lowest share to the highest: of those with enough occasions, and each set
 * of events once. Undefined where there is none.
 */
export function rangeOfRules([, ...others]: readonly SensitivityRow[]):
  | { readonly ways: number; readonly counts: string; readonly means: string }
  | undefined {
  const known = others.filter(({ n, sameAs }) => n >= FEW && sameAs === undefined);
  // Of equal shares the one of more outcomes says more.
  const byShare = known.toSorted((a, b) => a.up / a.n - b.up / b.n || a.n - b.n);
  const lowest = byShare.filter(({ up, n }) => up / n === (byShare[0]?.up ?? 0) / (byShare[0]?.n ?? 1)).at(-1);
  const highest = byShare.at(-1);
  const means = known.flatMap(({ mean }) => mean ?? []);
  if (lowest === undefined || highest === undefined) return undefined;
  const counted = ({ up, n }: SensitivityRow) => `${share(up / n)} (${up} of ${n})`;
  return {
    ways: known.length,
    counts: lowest === highest ? counted(lowest) : `${counted(lowest)} to ${counted(highest)}`,
    means: `${change(Math.min(...means))} to ${change(Math.max(...means))}`,
  };
}

/** Every event, the newest first, with what the benchmark did at each horizon. */
export function eventTable(study: Study, benchmarkName: string): Table {
  const horizons = Object.keys(study.horizons);
  return {
    columns: [
      { title: 'Record close', align: 'left', essential: true },
      { title: 'Quiet days', align: 'right', essential: false },
      { title: benchmarkName, align: 'right', essential: false },
      ...horizons.map(
        (months) => ({ title: horizon(Number(months)), align: 'right', essential: months === '12' }) as const,
      ),
      { title: 'Max drawdown', align: 'right', essential: false },
    ],
    rows: study.events
      .toReversed()
      .map((event) => [
        date(event.session),
        count(event.quietDays),
        event.benchmarkClose === null ? 'unknown' : points(event.benchmarkClose),
        ...horizons.map((months) => pending(event.outcomes[months], isLost(event, study))),
        pending(event.drawdown12, isLost(event, study)),
      ]),
  };
}

/** Per horizon: the statistics of the events beside those of all sessions. */
export function horizonTable(study: Study): Table {
  return {
    columns: [
      { title: 'After', align: 'left', essential: true },
      { title: 'Higher', align: 'right', essential: true },
      { title: 'Mean', align: 'right', essential: false },
      { title: 'Median', align: 'right', essential: false },
      { title: 'Worst', align: 'right', essential: false },
      { title: 'Any day', align: 'right', essential: true },
      { title: 'Any-day mean', align: 'right', essential: false },
      { title: 'p', align: 'right', essential: false },
    ],
    rows: Object.entries(study.horizons).map(([months, s]) => [
      horizon(Number(months)),
      s.n === 0 ? NONE_YET : `${s.up} of ${s.n}`,
      orDash(s.mean, change),
      orDash(s.median, change),
      orDash(s.min, change),
      orDash(s.baseRate, (rate) => share(rate, 1)),
      orDash(s.baseMean, change),
      orDash(s.pValue, probability),
    ]),
  };
}

function extreme(events: readonly StudiedEvent[], value: number | null): string | null {
  const event = events.find(({ outcomes }) => outcomes[12] === value);
  return event === undefined || value === null ? null : `${change(value)} (${date(event.session)})`;
}

function pending(fraction: number | null | undefined, lost: boolean): string {
  if (typeof fraction === 'number') return change(fraction);
  return lost ? 'unknown' : 'pending';
}

/** True for an event before the benchmark's first close: what followed it will never be known. */
function isLost({ benchmarkClose, session }: StudiedEvent, { asOf }: Study): boolean {
  return benchmarkClose === null && daysBetween(session, asOf) > A_MONTH_DAYS;
}

/** A figure, or a dash where it is not known. */
export function orDash(value: number | null, format: (value: number) => string): string {
  return value === null ? NOT_KNOWN : format(value);
}
