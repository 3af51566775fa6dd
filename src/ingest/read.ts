import pMap from 'p-map';
import type { App } from '../app/app.ts';
import { type Comparison, noteSourceClock } from '../app/clock.ts';
import type { Session } from '../market/close.ts';
import { SourceError, sessionsOf } from '../market/source.ts';
import { isToCome } from '../market/stamp.ts';
import { cleanWords } from '../message/clean-words.ts';
import { count } from '../message/format.ts';
import { watchedSymbols } from '../settings/symbols.ts';
import { readSymbol } from './read-symbol.ts';
import { readTotalReturns } from './read-total-returns.ts';
import { rememberSource } from './remember-source.ts';

/** The symbols that were read, each with its sessions that have a value, ascending. */
export type ReadSessions = ReadonlyMap<string, ReadonlySet<Session>>;

/** What a run has read of its symbols. */
export interface ReadSymbols {
  readonly readSessions: ReadSessions;
  /** The symbols whose whole history was read. */
  readonly whole: ReadonlySet<string>;
  /** A line for each symbol that could not be read. */
  readonly problems: string[];
}

/** Requests under way at once. */
const AT_ONCE = 4;
/** From so many symbols on a service is given time between requests, in milliseconds: at most ten come in a second. */
const MANY = 20;
const BETWEEN_MS = 400;

/**
 * Reads every symbol from its source, judges and stores it. One symbol that cannot be read stops no other. Those that
 * were read longest ago come first, so that a run that is stopped is gone on with by the next one.
 */
export async function readClosesOfAll(app: App): Promise<ReadSymbols> {
  const reading = await readClosesOf(app, watchedSymbols(app.settings));
  if (reading.problems.length === 0) await readTotalReturns(app);
  return reading;
}

/** The same without the network: files are read, and a service is not asked. */
export async function readClosesOffline(app: App): Promise<ReadSymbols> {
  if (app.source.needsNetwork) return { readSessions: new Map(), whole: new Set(), problems: [] };
  return readClosesOfAll(app);
}

/** Reads some symbols from the source, as `readClosesOfAll` does. */
export async function readClosesOf(app: App, symbols: readonly string[]): Promise<ReadSymbols> {
  const { settings, source, closes, host } = app;
  await rememberSource(app);
  const readSessions = new Map<string, ReadonlySet<Session>>();
  const wholes = new Set<string>();
  const problems: string[] = [];
  const looks = closes.looks();
  const lookedAt = (symbol: string) => {
    const at = looks.get(symbol);
    return at === undefined || isToCome(at, app.now()) ? 0 : Date.parse(at);
  };
  // As both are at the moment of an answer: what is read after it may take long.
  let clocks: Comparison | undefined;
  const polite = source.needsNetwork && symbols.length >= MANY;
  let [done, told] = [0, 0];
  await pMap(
    symbols.toSorted((a, b) => lookedAt(a) - lookedAt(b)),
    async (symbol) => {
      // What is not begun is begun by the next run.
      if (host.stopping.aborted) return;
      try {
        const { reading, whole, readAt } = await readSymbol(app, symbol);
        readSessions.set(symbol, sessionsOf(reading));
        if (whole) wholes.add(symbol);
        if (reading.answeredAt !== undefined) clocks = { source: reading.answeredAt, machine: readAt };
      } catch (error) {
        if (!(error instanceof SourceError)) throw error;
        problems.push(cleanWords(error.message, settings.secrets));
      }
      done++;
      if (symbols.length >= MANY && done >= told + symbols.length / 10) {
        told = done;
        host.progress(`${count(done)} of ${count(symbols.length)} symbols read`);
      }
      if (polite) await host.sleep(BETWEEN_MS);
    },
    { concurrency: AT_ONCE },
  );
  if (clocks !== undefined) await noteSourceClock(app, clocks);
  if (done < symbols.length) {
    problems.push(
      `stopped after ${count(done)} of ${count(symbols.length)} symbols; the next run starts with the others`,
    );
  }
  return { readSessions, whole: wholes, problems };
}
