import type { Close, Session } from '../market/close.ts';
import { lastSessionOver } from '../market/new-york.ts';
import { type Source, SourceError } from '../market/source.ts';
import { type PublishedCloses, RUSSELL_2000, SP_500 } from './facts.ts';
import { corridorsBetweenRecords, type Random, seededRandom, simulateBetween } from './simulate.ts';

/** Yahoo has no earlier close of the Russell 2000. Like Yahoo, the demo leaves what is before to `data/before-yahoo.csv`. */
const FIRST_RUSSELL_2000_SESSION = '1987-09-10';

/** Rough standard deviations of the daily moves, as fractions. */
const RUSSELL_2000_VOLATILITY = 0.013;
const SP_500_VOLATILITY = 0.01;

/**
 * A source that needs no network: real closes where they are published with the project, simulated ones between them,
 * the same every time. It tells the true story, all twelve events, and ends with 2025.
 * @param options.seed a whole number; another one simulates other closes between the same published ones
 */
export function createDemoSource({ seed = 2000 }: { seed?: number } = {}): Source {
  const random = seededRandom(seed);
  const closesOf = new Map([
    ['^RUT', simulateRussell2000(random)],
    ['^GSPC', simulateBetween(toCloses(SP_500), SP_500_VOLATILITY, random)],
  ]);
  return {
    name: 'demo',
    needsNetwork: false,
    note: 'Demo data: closes between published ones are simulated.',
    async read(symbol, from, now) {
      const closes = closesOf.get(symbol);
      if (!closes) {
        throw new SourceError(`The demo has no closes of ${symbol}, only of ${[...closesOf.keys()].join(' and ')}.`);
      }
      return { symbol, bars: cut(closes, from, lastSessionOver(now)) };
    },
  };
}

function simulateRussell2000(random: Random): Close[] {
  const published = toCloses(RUSSELL_2000);
  const closes = simulateBetween(published, RUSSELL_2000_VOLATILITY, random, corridorsBetweenRecords(published));
  return cut(closes, FIRST_RUSSELL_2000_SESSION);
}

function cut(closes: readonly Close[], from?: Session, to?: Session): Close[] {
  return closes.filter(({ session }) => (!from || from <= session) && (!to || session <= to));
}

function toCloses(published: PublishedCloses): Close[] {
  return Object.entries(published).map(([session, close]) => ({ session, close }));
}
