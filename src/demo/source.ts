import type { Close, Session } from '../market/close.ts';
import { lastSessionOver } from '../market/new-york.ts';
import { type Source, SourceError } from '../market/source.ts';
import { SERIES, simulate } from './series.ts';

/**
 * A source that needs no network: real closes where they are published with the project, simulated ones between them,
 * the same every time. It tells the true story, all twelve events with the figures of the real study, and ends with 2025.
 */
export function createDemoSource(): Source {
  const closesOf = new Map([...SERIES].map(([symbol, series]) => [symbol, simulate(series)]));
  return {
    name: 'demo',
    needsNetwork: false,
    note: 'Demo data: closes between real ones are simulated. The figures are those of the real closes; only resampled intervals differ slightly.',
    async read(symbol, from, now) {
      const closes = closesOf.get(symbol);
      if (!closes) {
        throw new SourceError(`The demo has no closes of ${symbol}, only of ${[...closesOf.keys()].join(' and ')}.`);
      }
      return { symbol, bars: cut(closes, from, lastSessionOver(now)) };
    },
  };
}

function cut(closes: readonly Close[], from?: Session, to?: Session): Close[] {
  return closes.filter(({ session }) => (!from || from <= session) && (!to || session <= to));
}
