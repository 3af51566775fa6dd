import type { SignalLabels } from '../message/alert.ts';
import { headline, horizonTable } from '../message/evidence.ts';
import { count, date, plural, points, share } from '../message/format.ts';
import type { FullStudy } from '../study/full-study.ts';
import { armedDayLines } from './study-armed-days.ts';
import { beforeHistoryLines } from './study-before-history.ts';
import { dividendLines } from './study-dividends.ts';
import { expectationLines } from './study-expectation.ts';
import { leadLines, moreThan, named } from './study-lead.ts';
import {
  inside,
  meanDifferences,
  occasions,
  outcomesAfter,
  path,
  rateDifferences,
  seriesLines,
} from './study-tables.ts';
import { paragraph, tableLines } from './width.ts';

/** The evidence as people read it, in lines of at most 100 columns. */
export function studyLines(study: FullStudy, labels: SignalLabels): string[] {
  if (study.events.length === 0) return nothingFound(study, labels);
  const { benchmarkName, withDividends, signal } = labels;
  return [
    ...leadLines(study, labels).flatMap(paragraph),
    '',
    ...paragraph(span(study, withDividends ? `, the ${benchmarkName} with dividends` : ', without dividends')),
    ...beforeHistoryLines(study),
    '',
    'Occasions, newest first',
    ...tableLines(occasions(study)),
    ...paragraph(
      'Quiet period: the time since the last record close. Its sessions are counted within the source only.',
    ),
    '',
    `What the ${benchmarkName} did after each`,
    ...tableLines(outcomesAfter(study, benchmarkName)),
    ...paragraph(
      'Pending: not that long ago yet, and counted nowhere. Max drawdown: the deepest fall from a high within 12 months.',
    ),
    '',
    'All occasions beside any day',
    ...tableLines(horizonTable(study)),
    ...paragraph(`p: the chance that days picked at random are higher as often (one-sided).${interval(study)}`),
    '',
    ...armedDayLines(study, signal, benchmarkName),
    ...expectationLines(study),
    '',
    ...differenceLines(study),
    '',
    `The ${benchmarkName} within the window`,
    ...tableLines(inside(study)),
    '',
    `The mean path of the ${benchmarkName}`,
    ...tableLines(path(study)),
    ...seriesLines(study.index, {
      heading: `The ${signal.title} itself`,
      price: `${benchmarkName} mean`,
      anyDayOf: `${benchmarkName} over the same span`,
    }),
    ...totalReturnLines(study, benchmarkName),
    ...dividendLines(study, benchmarkName),
  ];
}

function totalReturnLines({ totalReturn }: FullStudy, benchmarkName: string): string[] {
  const heading = `The ${benchmarkName} with dividends`;
  if (totalReturn === null)
    return ['', ...paragraph(`${heading}: no such series is stored (totalReturn in signals.json).`)];
  return seriesLines(totalReturn, { heading, price: 'Price mean', anyDayOf: 'same series' });
}

function nothingFound(study: FullStudy, { signal: { title, index, quietYears } }: SignalLabels): string[] {
  return [
    ...paragraph(`${named(title, index)}: no record close after ${moreThan(quietYears)} without one.`),
    ...paragraph(span(study, '')),
    ...beforeHistoryLines(study),
  ];
}

/** What the study is made from, as sentences. */
function span({ span: { from, to }, record }: FullStudy, dividends: string): string {
  return `Closes from ${date(from)} to ${date(to)}${dividends}. Record: ${points(record.close)} on ${date(record.session)}.`;
}

function interval(study: FullStudy): string {
  const { n, wilson } = headline(study);
  if (wilson === null) return '';
  return ` With ${plural(n, 'occasion')} the true one-year rate may lie anywhere from ${share(wilson[0])} to ${share(wilson[1])} (95% Wilson interval).`;
}

function differenceLines(study: FullStudy): string[] {
  const { seed, resamples, blockSessions } = study.resampling;
  return [
    'Mean return, less that of any day',
    ...tableLines(meanDifferences(study)),
    '',
    'Share higher, less that of any day',
    ...tableLines(rateDifferences(study)),
    ...paragraph(
      `95% interval: circular block bootstrap, ${count(resamples)} resamples of blocks of ${plural(blockSessions, 'session')}, which keep the spacing of events; seed ${seed}. None for fewer than eight events, or where all or none are higher.`,
    ),
    ...paragraph(
      'p: how often the same pattern of events, shifted along all sessions, does as well (one-sided). Leave one out: the range of the mean without any one event. Independent: how many windows do not overlap.',
    ),
  ];
}
