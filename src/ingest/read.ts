import pMap from 'p-map';
import type { App } from '../app/app.ts';
import { type Comparison, noteSourceClock, readingTime } from '../app/clock.ts';
import type { Session } from '../market/close.ts';
import { newYorkDate } from '../market/new-york.ts';
import { restatementOf } from '../market/restatement.ts';
import { judge } from '../market/sanity.ts';
import { type Reading, SourceError, sessionsOf } from '../market/source.ts';
import { isToCome } from '../market/stamp.ts';
import { count, date, plural } from '../message/format.ts';
import { maxDailyMove, totalReturnSymbol, watchedSymbols } from '../settings/settings.ts';
import { isFirstToday, rememberSource } from '../store/sqlite/facts.ts';
import { forgetRestatement, readRestated } from './restated.ts';

/** The symbols that were read, each with its sessions that have a value, ascending. */
export type ReadSessions = ReadonlyMap<string, ReadonlySet<Session>>;

/** A reading of a symbol, and whether it was of the whole history. */
interface Read {
  readonly reading: Reading;
  readonly whole: boolean;
}

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

/** The same for some symbols. */
export async function readClosesOf(app: App, symbols: readonly string[]): Promise<ReadSymbols> {
  const { settings, source, closes, database, clean, progress, sleep, stopping } = app;
  rememberSource(database, source.name, settings.databasePath);
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
      if (stopping.aborted) return;
      try {
        const { reading, whole } = await readCloses(app, symbol);
        readSessions.set(symbol, sessionsOf(reading));
        if (whole) wholes.add(symbol);
        if (reading.answeredAt !== undefined) clocks = { source: reading.answeredAt, machine: app.now() };
      } catch (error) {
        if (!(error instanceof SourceError)) throw error;
        problems.push(clean(error.message));
      }
      done++;
      if (symbols.length >= MANY && done >= told + symbols.length / 10) {
        told = done;
        progress(`${count(done)} of ${count(symbols.length)} symbols read`);
      }
      if (polite) await sleep(BETWEEN_MS);
    },
    { concurrency: AT_ONCE },
  );
  if (clocks !== undefined) await noteSourceClock(app, clocks);
  if (done < symbols.length) {
    problems.push(
      `stopped after ${count(done)} of ${count(symbols.length)} symbols; the next run reads the others first`,
    );
  }
  return { readSessions, whole: wholes, problems };
}

/**
 * The benchmarks with dividends, which nothing is decided by: not every source has them, so one that cannot be read is no
 * problem. A service is asked for one that is not stored once a day only.
 */
async function readTotalReturns(app: Pick<App, 'settings' | 'database' | 'closes' | 'source' | 'now'>): Promise<void> {
  const { settings, source, closes, database, now } = app;
  const benchmarks = new Set(settings.signals.map(({ benchmark }) => benchmark));
  for (const symbol of [...benchmarks].flatMap((benchmark) => totalReturnSymbol(settings, benchmark) ?? [])) {
    const first = source.needsNetwork && closes.first(symbol) === undefined;
    if (first && !isFirstToday(database, `asked ${symbol}`, newYorkDate(now()))) continue;
    try {
      await readCloses({ ...app, progress: () => {} }, symbol);
    } catch (error) {
      if (!(error instanceof SourceError)) throw error;
    }
  }
}

/**
 * Reads, judges and stores the whole history of a symbol: before anything is told, its close and the record that it passes
 * have to stand in one answer.
 * @returns its sessions that have a value, ascending
 * @throws {SourceError} where it cannot be read
 */
export async function readWholeHistory(
  app: Pick<App, 'settings' | 'database' | 'closes' | 'source' | 'now' | 'progress'>,
  symbol: string,
): Promise<ReadonlySet<Session>> {
  const { reading } = await readCloses(app, symbol, true);
  return sessionsOf(reading);
}

async function readCloses(
  app: Pick<App, 'settings' | 'database' | 'closes' | 'source' | 'now' | 'progress'>,
  symbol: string,
  whole = false,
): Promise<Read> {
  const { source, closes, now, progress } = app;
  const missed = missedBeginning(app, symbol);
  const from = missed === undefined && !whole ? closes.readFrom(symbol, now()) : undefined;
  if (missed !== undefined)
    progress(`${symbol}: the history begins on ${date(missed)} only; reading all of it again …`);
  else if (from === undefined && closes.first(symbol) === undefined)
    progress(`${symbol}: reading the whole history, once …`);
  const reading = await source.read(symbol, from, now());
  const at = readingTime(reading, now());
  const known = closes.known(symbol, reading.bars[0]?.session ?? '9999');
  closes.noteLook(reading, at);
  if (restatementOf(reading.bars, known) !== undefined)
    return { reading: await readRestated(app, symbol, from === undefined ? reading : undefined), whole: true };
  forgetRestatement(app, reading);
  const judgement = judge(reading, known, maxDailyMove(app.settings, symbol), at, closes.exchange(symbol));
  closes.store(symbol, judgement);
  if (from === undefined && !whole && judgement.changed.length > 0) {
    progress(`${symbol}: ${plural(judgement.changed.length, 'session')} stored`);
  }
  return { reading, whole: from === undefined };
}

/**
 * The first stored session of an index whose history should begin earlier: a first answer that was cut off would leave
 * records unknown for ever, as nothing before the first stored session is missed otherwise.
 */
function missedBeginning({ settings, closes }: Pick<App, 'settings' | 'closes'>, symbol: string): Session | undefined {
  const first = closes.first(symbol);
  const late = settings.signals.some(
    ({ index, beforeHistory }) =>
      index === symbol && beforeHistory !== undefined && first !== undefined && first > beforeHistory.until,
  );
  return late ? first : undefined;
}
