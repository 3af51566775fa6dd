import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readCloses } from '../../src/market/csv.ts';
import { NEW_YORK } from '../../src/market/exchange.ts';
import { readMonthlyDividends } from '../../src/market/monthly-dividends.ts';
import { alertMessage, type SignalLabels } from '../../src/message/alert.ts';
import type { Message, Outgoing } from '../../src/message/message.ts';
import { readConfig } from '../../src/settings/config-files.ts';
import { SignalsFile } from '../../src/settings/signals-file.ts';
import type { Signal } from '../../src/signal/signal.ts';
import type { Decision, LedgerEvent } from '../../src/store/events.ts';
import { type EventStudy, eventStudyAt } from '../../src/study/event-study.ts';
import type { HorizonStatistics, StudiedEvent } from '../../src/study/study.ts';
import { joinDividends } from '../../src/study/total-return.ts';

const ROOT = join(import.meta.dirname, '../..');
const MARKET_DATA = join(ROOT, '../shared/market-data');

const SIGNAL: Signal = {
  id: 'russell-2000',
  title: 'Russell 2000',
  index: '^RUT',
  benchmark: '^GSPC',
  quietYears: 1,
  horizons: [3, 12],
  beforeHistory: { file: 'before.csv', until: '1987-09-10', rule: 'Before 10 Sep 1987: another series.' },
};

export const TELLING: SignalLabels = {
  signal: SIGNAL,
  indexName: 'Russell 2000',
  benchmarkName: 'S&P 500',
  origin: 'Yahoo Finance',
  sourceNote: undefined,
  withDividends: false,
  createdAt: '2025-09-18T20:45:00.000Z',
};

/** Statistics of the three earlier events of `smallOccasion`; base rate and p are made up. */
export const STATISTICS: HorizonStatistics = {
  n: 3,
  up: 2,
  mean: 0.0607,
  median: 0.0268,
  min: -0.098,
  max: 0.2534,
  wilson: [0.2077, 0.9385],
  baseRate: 0.605,
  baseMean: 0.0832,
  baseMedian: 0.0911,
  baseN: 11_523,
  pValue: 0.66,
  armedRate: 0.7,
  armedMean: 0.1012,
  armedN: 3000,
  armedWaits: 4,
  armedPValue: 0.784,
};

/** Statistics of no event at all, and of a benchmark without a close. */
export const NOTHING_KNOWN: HorizonStatistics = {
  n: 0,
  up: 0,
  mean: null,
  median: null,
  min: null,
  max: null,
  wilson: null,
  baseRate: null,
  baseMean: null,
  baseMedian: null,
  baseN: 0,
  pValue: null,
  armedRate: null,
  armedMean: null,
  armedN: 0,
  armedWaits: 0,
  armedPValue: null,
};

function event(
  [session, close]: [string, number],
  [before, record]: [string, number],
  [quietSessions, quietDays]: [number | null, number],
  facts: Pick<StudiedEvent, 'benchmarkClose' | 'outcomes' | 'drawdown12'>,
): StudiedEvent {
  return {
    session,
    close,
    previousRecord: { session: before, close: record },
    quietSessions,
    quietDays,
    ...facts,
  };
}

/** The event of 18 September 2025 with three earlier ones, made by hand. */
export function smallOccasion(change: Partial<EventStudy> = {}): EventStudy {
  const events = [
    event(['1999-12-29', 497.01], ['1998-04-21', 491.41], [427, 617], {
      benchmarkClose: 1463.46,
      outcomes: { '3': 0.0424, '12': -0.098 },
      drawdown12: -0.1719,
    }),
    event(['2004-04-05', 606.39], ['2000-03-09', 606.05], [1022, 1488], {
      benchmarkClose: 1150.57,
      outcomes: { '3': -0.0224, '12': 0.0268 },
      drawdown12: -0.0758,
    }),
    event(['2013-01-02', 873.42], ['2011-04-29', 865.29], [421, 614], {
      benchmarkClose: 1462.42,
      outcomes: { '3': 0.0735, '12': 0.2534 },
      drawdown12: -0.0576,
    }),
    event(['2025-09-18', 2467.7], ['2021-11-08', 2442.74], [968, 1410], {
      benchmarkClose: 6631.96,
      outcomes: { '3': null, '12': null },
      drawdown12: null,
    }),
  ] as const;
  return {
    event: events[3],
    change: 0.0251,
    missingBefore: null,
    study: {
      signal: 'russell-2000',
      asOf: '2025-09-18',
      span: { from: '1978-12-29', to: '2025-09-18' },
      record: { session: '2025-09-18', close: 2467.7 },
      events,
      waits: [],
      horizons: {
        '3': { ...STATISTICS, mean: 0.0312, median: 0.0424, min: -0.0224, max: 0.0735, baseRate: 0.655 },
        '12': STATISTICS,
      },
    },
    sensitivity: [
      { rule: 'quiet over a calendar year: the rule itself', n: 3, up: 2, mean: 0.0607 },
      { rule: 'quiet over 6 months', n: 8, up: 5, mean: 0.0268 },
      { rule: 'quiet over 2 calendar years', n: 4, up: 4, mean: 0.2268 },
      { rule: 'entry at the next close', n: 5, up: 4, mean: 0.0584 },
      {
        ...{ rule: 'over 252 sessions', n: 5, up: 5, mean: 0.0607 },
        sameAs: 'quiet over a calendar year: the rule itself',
      },
      { rule: 'quiet over 5 calendar years', n: 0, up: 0, mean: null },
    ],
    benchmarkTo: '2025-09-18',
    dividends: null,
    sourceOnly: { from: '1987-09-10', statistics: { ...STATISTICS, n: 2, up: 1 } },
    ...change,
  };
}

/** The same event while no benchmark close at all is known. */
export function occasionWithoutBenchmark(): EventStudy {
  const { study } = smallOccasion();
  const events = study.events.map((studied) => ({
    ...studied,
    benchmarkClose: null,
    outcomes: { '3': null, '12': null },
    drawdown12: null,
  }));
  return smallOccasion({
    event: events.at(-1) ?? smallOccasion().event,
    study: { ...study, events, horizons: { '3': NOTHING_KNOWN, '12': NOTHING_KNOWN } },
    benchmarkTo: null,
    sourceOnly: { from: '1987-09-10', statistics: NOTHING_KNOWN },
    sensitivity: smallOccasion().sensitivity.map(({ rule }) => ({ rule, n: 0, up: 0, mean: null })),
  });
}

/** The real event of 2025-09-18 and its telling; undefined without the real closes (docs/architecture.md, "Facts to reproduce"). */
export function realOccasion(): { labels: SignalLabels; eventStudy: EventStudy } | undefined {
  if (!existsSync(MARKET_DATA)) return undefined;
  const signal = readConfig(SignalsFile, join(ROOT, 'config/signals.json'), '').signals.find(
    ({ id }) => id === 'russell-2000',
  );
  if (signal?.beforeHistory === undefined) throw new Error('config/signals.json has no russell-2000 to test with');
  const benchmark = readCloses(join(MARKET_DATA, '^GSPC.csv'));
  // To February 2024: the event of 2020 needs the year after it.
  const totalReturn = readCloses(join(MARKET_DATA, 'to-2024/^SP500TR.csv'));
  const months = readMonthlyDividends(join(MARKET_DATA, 'dividends-1978-1988.csv'));
  const closes = {
    before: readCloses(join(ROOT, signal.beforeHistory.file)),
    index: readCloses(join(MARKET_DATA, '^RUT.csv')),
    benchmark,
    dividends: { symbol: '^SP500TR', ...joinDividends(benchmark, totalReturn, months, NEW_YORK) },
  };
  const eventStudy = eventStudyAt(signal, closes, '2025-09-18');
  return eventStudy && { labels: { ...TELLING, signal }, eventStudy };
}

/** Why a test with real closes is skipped. */
export const NO_MARKET_DATA = `the real closes are not at ${MARKET_DATA}`;

/** An alert, small and whole, with what a test wants different. */
export function exampleMessage(change: Partial<Message> = {}): Message {
  return { ...alertMessage(TELLING, smallOccasion(), null), ...change };
}

/** A message on its way to a channel. */
export function outgoing(message: Message = exampleMessage(), change: Partial<Outgoing> = {}): Outgoing {
  return { message, repeat: false, refersTo: null, ...change };
}

export const EVENT: LedgerEvent = {
  id: 'russell-2000/2025-09-18',
  session: '2025-09-18',
  status: 'alerted',
  goneSince: null,
  change: null,
};

/** A decision that changes nothing but what a test adds to it. */
export function decision(change: Partial<Decision> = {}): Decision {
  return {
    signal: 'russell-2000',
    fingerprint: 'mark',
    baselineSession: '2025-09-17',
    evaluatedSession: '2025-09-18',
    evaluatedAt: '2025-09-18T20:45:00.000Z',
    events: [],
    messages: [],
    rewritten: [],
    withdrawn: [],
    waiting: [],
    ...change,
  };
}
