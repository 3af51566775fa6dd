import type { Close, Session } from '../../src/market/close.ts';
import { addMonths } from '../../src/market/session.ts';
import { change, probability, share } from '../../src/message/format.ts';
import { detect, type RecordEvent } from '../../src/signal/first-record.ts';
import { type FullHorizon, type FullStudy, fullStudy } from '../../src/study/full-study.ts';
import { historyOf, type SignalCloses, upTo } from '../../src/study/signal-closes.ts';
import { binomialAtLeast } from '../../src/study/statistics.ts';
import { type Window, windowFigures } from '../../src/study/windows.ts';
import { AnyDayFit, type AskedWindow, exitsOf, type Figure } from './any-day-fit.ts';
import { signal } from './printed.ts';

/** How far the benchmark is off inside the windows after the events that sessions belong to. */
export type Distance = (fit: AnyDayFit, from: number, sessions: number) => number;

/** The study as of these sessions is to be the real one. */
export const STUDIES: readonly [Session, Session] = ['2025-09-18', '2025-12-31'];

/** The horizons of the study, and the months of its mean path beside them. */
const HORIZONS = [1, 3, 6, 12, 24];
const PATH = [2, 9, 15, 18, 21];

/** The sessions of the events within the source's closes: those that can have an alert. */
function eventSessions(real: SignalCloses): Session[] {
  const first = real.index[0]?.session ?? '';
  return eventsOf(real).flatMap(({ session }) => (session > first ? [session] : []));
}

function eventsOf(real: SignalCloses): readonly RecordEvent[] {
  return detect(historyOf(signal, real), signal.quietYears).events;
}

/** The index itself, of which the study prints the share above zero and the mean. */
export function indexFit(real: SignalCloses): AnyDayFit {
  const { at } = printsOf(real, STUDIES);
  return new AnyDayFit(real.index, daysWith(STUDIES, real.index), returnsAfter(HORIZONS), ({ months }) => [
    { printed: at(months, (mean) => change(mean)) },
    { above: 0, printed: at(months, (rate) => share(rate, 1)) },
  ]);
}

/** The benchmark: what studies and alerts print of any day, of armed days, and of the differences to both. */
export function benchmarkFit(real: SignalCloses): AnyDayFit {
  const days = [...STUDIES, ...eventSessions(real)];
  const { at } = printsOf(real, days);
  const atStudies = printsOf(real, STUDIES).at;
  const armed = armedSessions(real);
  const sinceIndex = Uint8Array.from(real.benchmark, ({ session }) =>
    Number(session >= (real.index[0]?.session ?? '')),
  );
  const windows = [...returnsAfter([...HORIZONS, ...PATH]), { months: 12, of: 'fall' as const }];
  return new AnyDayFit(real.benchmark, daysWith(days, real.benchmark), windows, (window, values) => {
    const { months, of } = window;
    const aroundMedians = (sessions: readonly Session[]) =>
      sessions.flatMap((day) => aroundMedian(real, window, day, values));
    if (of === 'fall') {
      return [
        { above: -0.2, loose: true, printed: atStudies(12, (rate) => share(1 - rate)) },
        ...aroundMedians(STUDIES),
      ];
    }
    const mean = at(months, (value, own) => `${change(value)} ${change((own.mean ?? 0) - value)}`);
    if (PATH.includes(months)) return [{ loose: true, printed: mean }];
    const rate = at(months, (value, { up, n }) =>
      [share(value, 1), share(value), change(up / n - value), chance(up, n, value)].join(),
    );
    const armedRate = at(months, (value, { up, n }) => `${share(value)} ${chance(up, n, value)}`);
    const excess = atStudies(months, (value, _, { index }) => change((index.horizons[months]?.mean ?? 0) - value));
    return [
      { printed: mean },
      { above: 0, printed: rate },
      { only: armed, printed: at(months, (value) => change(value)) },
      { only: armed, above: 0, printed: armedRate },
      { only: sinceIndex, loose: true, printed: excess },
      ...(months === 12
        ? [{ only: sinceIndex, above: 0, loose: true as const, printed: at(months, (value) => share(value)) }]
        : []),
      ...aroundMedians(months === 12 ? days : STUDIES.slice(0, 1)),
    ];
  });
}

/** What the studies of some days print of a figure, from the figure and what else they know. */
function printsOf(real: SignalCloses, days: readonly Session[]) {
  const studies = new Map(days.map((day) => [day, studyAsOf(real, day)]));
  const at =
    (months: number, print: (value: number, own: FullHorizon, study: FullStudy) => string) =>
    (value: number, asOf: Session): string | undefined => {
      const study = studies.get(asOf);
      const own = study?.horizons[months] ?? study?.horizons[12];
      return study === undefined || own === undefined ? undefined : print(value, own, study);
    };
  return { at };
}

function chance(up: number, n: number, rate: number): string {
  return probability(binomialAtLeast(up, n, Math.min(1, Math.max(0, rate))));
}

function returnsAfter(horizons: readonly number[]): AskedWindow[] {
  return horizons.map((months) => ({ months, of: 'return' }));
}

/** A median is printed alike while half of the values are on the same sides of those where the print changes. */
function aroundMedian(
  { benchmark }: SignalCloses,
  { months }: AskedWindow,
  day: Session,
  values: readonly (number | null)[],
): Figure[] {
  const reached = values.filter(
    (value, at) => value !== null && addMonths(benchmark[at]?.session ?? '', months) <= day,
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
function daysWith(others: readonly Session[], [first]: readonly Close[]): Session[] {
  const years = Array.from({ length: 2025 - Number(first?.session.slice(0, 4)) }, (_, at) => `${2025 - at}-12-31`);
  return [...new Set([...years, ...others])].toSorted();
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
