import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SERIES, type Series, simulate, takesFrom } from '../../src/demo/series.ts';
import { type Random, seededRandom } from '../../src/demo/simulate.ts';
import type { Close } from '../../src/market/close.ts';
import type { SignalCloses } from '../../src/study/signal-closes.ts';
import type { AnyDayFit } from './any-day-fit.ts';
import { benchmarkFit, type Distance, indexFit, resampledFigures, STUDIES, windowDistance } from './fits.ts';
import { closesFrom, MARKET_DATA, realCloses, signal } from './printed.ts';

const FILE = join(import.meta.dirname, '../../src/demo/takes.ts');
/** So many of each month's takes are tried. */
const TRIED = 1296;
/** How takes are exchanged: at first most worse ones are kept, in the end hardly any. */
interface Annealing {
  readonly steps: number;
  readonly hot: number;
  readonly cold: number;
  /** What it weighs how far all figures are off, beside those that would be printed otherwise. */
  readonly spread: number;
}
/** First every figure comes near on every day, then what is printed comes right. */
const NEAR: Annealing = { steps: 600_000, hot: 100, cold: 1, spread: 1 };
const RIGHT: Annealing = { steps: 150_000, hot: 120, cold: 1, spread: 0.05 };
/** What a figure weighs that would be printed otherwise. */
const OUTSIDE = 100;
const POLISHES = 500;

/** A month of an index. */
interface Month {
  readonly month: string;
  /** Position of its first session. */
  readonly from: number;
  take: number;
  readonly closesOf: (take: number) => Float64Array;
}

/** An index while its takes are chosen. */
interface Fitted {
  readonly name: string;
  readonly fit: AnyDayFit;
  readonly months: readonly Month[];
  /** How far it is off inside the windows after the events, around a month. */
  readonly distance: Distance;
}

/**
 * Chooses the takes of the demo's months: those with which alerts and study print the figures of the real closes. By the
 * outcomes of any day first, which is quick, then by what is resampled. To be run again when something new is printed;
 * with `--polish` from the takes as they are.
 */
function chooseTakes(real: SignalCloses): void {
  const random = seededRandom(1);
  const indices: readonly [Fitted, Fitted] = [
    newFitted(signal.index, 'RUSSELL_2000_TAKES', indexFit(real), () => 0),
    newFitted(signal.benchmark, 'SP_500_TAKES', benchmarkFit(real), windowDistance(real)),
  ];
  for (const index of indices) {
    if (!process.argv.includes('--polish')) anneal(index, random, NEAR);
    if (index.fit.error().outside > 0) anneal(index, random, RIGHT);
    write(indices);
  }
  polish(real, indices, random);
}

function newFitted(symbol: string, name: string, fit: AnyDayFit, distance: Distance): Fitted {
  const series = SERIES.get(symbol);
  if (series === undefined) throw new Error(`the demo has no ${symbol}`);
  const takeOf = takesFrom(series.takes);
  const byMonth = Map.groupBy(fit.sessions.keys(), (position) => fit.sessions[position]?.slice(0, 7) ?? '');
  const months = [...byMonth].map(([month, [from = 0]]): Month => {
    const closesOf = remembered((take) => takeOfMonth(series, month, take));
    return { month, from, take: takeOf(month), closesOf };
  });
  for (const { from, take, closesOf } of months) fit.put(from, closesOf(take));
  return { name, fit, months, distance };
}

/** A month alone: from the last close of the month before. */
function takeOfMonth(series: Series, month: string, take: number): Float64Array {
  const isInside = ({ session }: Close) => session.startsWith(month);
  const { closes } = series.facts;
  const first = closes.findIndex(isInside);
  const published = [...closes.slice(Math.max(0, first - 1), first), ...closes.filter(isInside)];
  return Float64Array.from(simulate(series, () => take, published).filter(isInside), ({ close }) => close);
}

/** Simulated annealing: takes are exchanged at random; worse ones are kept ever more seldom. */
function anneal(
  { name, fit, months, distance }: Fitted,
  random: Random,
  { steps, hot, cold, spread }: Annealing,
): void {
  let { off, outside } = fit.error();
  for (let step = 0; step < steps; step++) {
    if (step % (steps / 10) === 0) say(`${name} ${step}: ${off.toFixed(0)} off, ${outside.toFixed(0)} outside`);
    const heat = hot * (cold / hot) ** (step / steps);
    const month = any(months, random);
    const take = Math.floor(random() * TRIED);
    const closes = month.closesOf(take);
    const before = distance(fit, month.from, closes.length);
    fit.put(month.from, closes);
    const next = fit.error();
    const worse =
      spread * (next.off - off) +
      OUTSIDE * (next.outside - outside + distance(fit, month.from, closes.length) - before);
    if (worse <= 0 || random() < Math.exp(-worse / heat)) {
      month.take = take;
      ({ off, outside } = next);
    } else fit.undo();
  }
  say(
    `${name}: ${off.toFixed(0)} off, ${outside.toFixed(0)} outside, windows ${distance(fit, 0, fit.sessions.length)}`,
  );
}

/** Exchanges takes while that brings the resampled figures of the studies nearer to those of the real closes. */
function polish(real: SignalCloses, indices: readonly [Fitted, Fitted], random: Random): void {
  const expected = STUDIES.map((session) => resampledFigures(real, session));
  /** How far they are off; less exact once it is more than a limit. */
  const distance = (limit: number): number => {
    const closes = closesFrom((symbol) => indices[symbol === signal.index ? 0 : 1]?.fit.closes ?? []);
    let sum = 0;
    for (const [at, session] of STUDIES.entries()) {
      if (sum < limit) sum += distanceOf(expected[at] ?? [], resampledFigures(closes, session));
    }
    return sum;
  };
  let off = distance(Number.POSITIVE_INFINITY);
  for (let round = 0; round < POLISHES; round++) {
    if (round % 100 === 0) {
      say(`polish ${round}: ${off.toFixed(3)} off`);
      write(indices);
    }
    const { month, take } = harmlessExchange(indices[1], random);
    const next = distance(off);
    if (next < off) {
      month.take = take;
      off = next;
    } else indices[1].fit.undo();
  }
  say(`polish: ${off.toFixed(3)} off`);
  write(indices);
}

/** In units of the last digit that is printed, how far figures are off; most of it what is printed otherwise. */
function distanceOf(expected: readonly number[], figures: readonly number[]): number {
  return expected.reduce((sum, figure, at) => {
    const now = figures[at] ?? 0;
    const beyond = Math.abs(now - Math.round(figure)) - 0.5;
    return sum + 0.01 * Math.abs(now - figure) + (beyond > 0 ? 0.2 + beyond : 0);
  }, 0);
}

/** Puts another take in that moves no figure of any day out of its bounds, and spoils no window. */
function harmlessExchange({ fit, months, distance }: Fitted, random: Random): { month: Month; take: number } {
  for (;;) {
    const month = any(months, random);
    const take = Math.floor(random() * TRIED);
    const closes = month.closesOf(take);
    const before = fit.error().outside + distance(fit, month.from, closes.length);
    fit.put(month.from, closes);
    if (fit.error().outside + distance(fit, month.from, closes.length) <= before) return { month, take };
    fit.undo();
  }
}

function any<T>(values: readonly T[], random: Random): T {
  return values[Math.floor(random() * values.length)] as T;
}

function remembered<T>(make: (key: number) => T): (key: number) => T {
  const known = new Map<number, T>();
  return (key) => {
    const value = known.get(key) ?? make(key);
    known.set(key, value);
    return value;
  };
}

/** Puts the takes into the file of the demo, a row a year. */
function write(indices: readonly Fitted[]): void {
  const text = indices.reduce(
    (file, { name, months }) => {
      const takes = new Map(months.map(({ month, take }) => [month, take.toString(36).padStart(2, '0')]));
      const years = [...new Set([...takes.keys()].map((month) => month.slice(0, 4)))];
      const rows = years.map((year) => {
        const ofMonths = Array.from({ length: 12 }, (_, at) => takes.get(`${year}-${String(at + 1).padStart(2, '0')}`));
        return [year, ...ofMonths.map((take) => take ?? '–')].join(' ');
      });
      return file.replace(new RegExp(`(${name} = \`\n)[^\`]*`), (_, head) => `${head}${rows.join('\n')}\n`);
    },
    readFileSync(FILE, 'utf8'),
  );
  writeFileSync(FILE, text);
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

const real = realCloses();
if (real === undefined) throw new Error(`there are no real closes in ${MARKET_DATA}`);
chooseTakes(real);
