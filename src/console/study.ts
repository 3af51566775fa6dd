import type { SignalLabels } from '../message/alert.ts';
import { headline, hitRate, horizonTable, trust } from '../message/evidence.ts';
import { count, date, plural, points } from '../message/format.ts';
import { alignTable } from '../render/text-table.ts';
import type { FullStudy } from '../study/full-study.ts';
import { armedDayLines } from './study-armed-days.ts';
import { beforeHistoryLines } from './study-before-history.ts';
import { dividendLines } from './study-dividends.ts';
import { expectationLines } from './study-expectation.ts';
import { differences, inside, occasions, path, seriesLines } from './study-tables.ts';

/** The evidence as people read it. */
export function studyLines(study: FullStudy, { signal, benchmarkName, withDividends }: SignalLabels): string[] {
  const { title, index } = signal;
  const year = headline(study);
  const { seed, resamples, blockSessions } = study.resampling;
  if (study.events.length === 0) {
    return [
      `${named(title, index)}: no record close after a quiet period`,
      `There is no such event in the closes from ${date(study.span.from)} to ${date(study.span.to)}; record ${points(study.record.close)} on ${date(study.record.session)}.`,
      ...beforeHistoryLines(study),
    ];
  }
  return [
    `${named(title, index)}: record closes after a quiet period, and what the ${benchmarkName} did`,
    `Closes from ${date(study.span.from)} to ${date(study.span.to)}; record ${points(study.record.close)} on ${date(study.record.session)}`,
    ...beforeHistoryLines(study),
    '',
    ...alignTable(occasions(study, benchmarkName)),
    '',
    ...alignTable(horizonTable(study)),
    '',
    `After the event ${hitRate(benchmarkName, year)}.`,
    trust(year),
    `${withDividends ? `The ${benchmarkName} reinvests dividends.` : 'Price only, without dividends.'} Pending outcomes are not counted. Max drawdown: the deepest fall from a high within the 12 months.`,
    '',
    ...armedDayLines(study, signal, benchmarkName),
    ...expectationLines(study),
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
      ? ['With dividends: no such series is stored (totalReturn in signals.json).']
      : seriesLines(`The ${benchmarkName} with dividends`, study.totalReturn, 'Excess over its own')),
    ...dividendLines(study, benchmarkName),
  ];
}

/** The title with its index, or one of them where they are the same. */
export function named(title: string, index: string): string {
  return title === index ? index : `${title} (${index})`;
}
