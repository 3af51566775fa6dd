import type { Session } from '../../src/market/close.ts';
import { addMonths } from '../../src/market/session.ts';
import { change, probability, share } from '../../src/message/format.ts';
import { detect, type RecordEvent } from '../../src/signal/first-record.ts';
import { fullStudy } from '../../src/study/full-study.ts';
import { historyOf, type SignalCloses, upTo } from '../../src/study/signal-closes.ts';
import { binomialAtLeast } from '../../src/study/statistics.ts';
import { type Window, windowFigures } from '../../src/study/windows.ts';
import { AnyDayFit, exitsOf, type Figure } from './any-day-fit.ts';
import { signal } from './printed.ts';

/** How far the benchmark is off inside the windows after the events that sessions belong to. */
export type Distance = (fit: AnyDayFit, from: number, sessions: number) => number;

/** The study as of these sessions is to be the real one. */
export const STUDIES: readonly [Session, Session] = ['2025-09-18', '2025-12-31'];

/** The horizons of the study, and the months of its mean path beside them. */
const HORIZONS = [1, 3, 6, 12, 24];
const PATH = [2, 9, 15, 18, 21];

/** The sessions of the events within the source's closes: those that can have an alert. */
export function eventSessions(real: SignalCloses): Session[] {
  const first = real.index[0]?.session ?? '';
  return eventsOf(real).flatMap(({ session }) => (session > first ? [session] : []));
}

function eventsOf(real: SignalCloses): readonly RecordEvent[] {
  return detect(historyOf(signal, real), signal.quietYears).events;
}

/** The index itself, of which the study prints the share above zero and the mean. */
export function indexFit({ index }: SignalCloses): AnyDayFit {
  const atStudies = (print: (value: number) => string) => (value: number, asOf: Session) =>
    STUDIES.includes(asOf) ? print(value) : undefined;
  return new AnyDayFit(index, daysWith([], index[0]?.session), HORIZONS, () => [
    { printed: atStudies((mean) => change(mean)) },
    { above: 0, printed: atStudies((rate) => share(rate, 1)) },
  ]);
}

/** The benchmark: what studies and alerts print of any day, of armed days, and of the differences to both. */
export function benchmarkFit(real: SignalCloses): AnyDayFit {
  const alerts = eventSessions(real);
  const days = daysWith(alerts, real.benchmark[0]?.session);
  const only = armedSessions(real);
  const studies = new Map([...STUDIES, ...alerts].map((day) => [day, studyAsOf(real, day)]));
  return new AnyDayFit(real.benchmark, days, [...HORIZONS, ...PATH], (months, outcomes) => {
    const printedMean = (mean: number, asOf: Session) => {
      const study = studies.get(asOf);
      if (study === undefined) return undefined;
      const means = [study.horizons[months]?.mean, study.index.horizons[months]?.mean];
      return [change(mean), ...means.map((own) => change((own ?? 0) - mean))].join();
    };
    const printedRate = (rate: number, asOf: Session) => {
      const study = studies.get(asOf);
      if (study === undefined) return undefined;
      const { up, n } = study.horizons[months] ?? { up: 0, n: 0 };
      return [share(rate, 1), share(rate), change(up / n - rate), probability(binomialAtLeast(up, n, rate))].join();
    };
    if (PATH.includes(months)) return [{ loose: true, printed: printedMean }];
    return [
      { printed: printedMean },
      { above: 0, printed: printedRate },
      { only, printed: (mean, asOf) => (studies.has(asOf) ? change(mean) : undefined) },
      {
        only,
        above: 0,
        printed: (rate, asOf) =>
          (STUDIES.includes(asOf) ? share(rate, 1) : '') + (studies.has(asOf) ? share(rate) : ''),
      },
      ...(months === 12 ? [...studies.keys()].flatMap((day) => aroundMedian(real, day, outcomes)) : []),
    ];
  });
}

/** A median is printed alike while half of the outcomes are on the same sides of the values where the print changes. */
function aroundMedian({ benchmark }: SignalCloses, day: Session, outcomes: readonly (number | null)[]): Figure[] {
  const reached = outcomes.filter(
    (outcome, at) => outcome !== null && addMonths(benchmark[at]?.session ?? '', 12) <= day,
  );
  const median = (reached as number[]).toSorted((a, b) => a - b)[reached.length >> 1] ?? 0;
  const middle = Math.round(1000 * median);
  return [middle - 0.5, middle + 0.5].map((edge) => ({
    above: edge / 1000,
    loose: true,
    printed: (part, asOf) => (asOf === day ? String(part > 0.5) : undefined),
  }));
}

/** What a study says of the differences between events and any day, in units of the last digit that is printed. */
export function resampledFigures(closes: SignalCloses, session: Session): number[] {
  return Object.values(studyAsOf(closes, session)?.horizons ?? {}).flatMap(({ difference }) =>
    Object.entries(difference).flatMap(([name, value]) =>
      [value].flat().map((figure: number | null) => (figure ?? 0) * (name.endsWith('P') ? 100 : 1000)),
    ),
  );
}

function studyAsOf(real: SignalCloses, day: Session) {
  const closes = { ...real, index: upTo(real.index, day), benchmark: upTo(real.benchmark, day) };
  return fullStudy(signal, closes, undefined);
}

/** The ends of the years from the second one on, with the days of studies and others. */
function daysWith(others: readonly Session[], first = ''): Session[] {
  const years = Array.from({ length: 2025 - Number(first.slice(0, 4)) }, (_, at) => `${2025 - at}-12-31`);
  return [...new Set([...years, ...STUDIES, ...others])].toSorted();
}

/** Sessions after a wait of over a year, before the record that ended it: 1. */
function armedSessions(real: SignalCloses): Uint8Array {
  const events = eventsOf(real);
  return Uint8Array.from(real.benchmark, ({ session }) =>
    Number(
      events.some(
        ({ previousRecord, ...event }) => addMonths(previousRecord.session, 12) < session && session < event.session,
      ),
    ),
  );
}

/** How far the deepest falls and the largest gains after the events are from the real ones, in units of their last digit. */
export function windowDistance(real: SignalCloses): Distance {
  const sessions = real.benchmark.map(({ session }) => session);
  const exits = HORIZONS.map((months) => exitsOf(sessions, months));
  const known = eventsOf(real).flatMap(({ session }) => {
    const entry = sessions.indexOf(session);
    return exits.map((exit) => {
      const window: Window = { entry, exit: exit[entry] ?? entry };
      return { window, figures: windowFigures(real.benchmark, window) };
    });
  });
  return (fit, from, count) =>
    known
      .filter(({ window }) => window.entry < from + count && from <= window.exit)
      .reduce((sum, { window, figures }) => {
        const now = windowFigures(fit.closes, window);
        if (now === null || figures === null) return sum;
        const off = Math.abs(now.drawdown - figures.drawdown) + Math.abs(now.gain - figures.gain);
        return sum + 3 * Math.min(40, 1000 * off) + Number(now.troughSessions !== figures.troughSessions);
      }, 0);
}
