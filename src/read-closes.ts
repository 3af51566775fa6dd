import { newYorkDate } from './market/calendar.ts';
import type { Session } from './market/close.ts';
import { judge } from './market/sanity.ts';
import { type Reading, SourceError } from './market/source.ts';
import { date, plural } from './message/format.ts';
import { maxDailyMove, totalReturnSymbol, watchedSymbols } from './settings.ts';
import { isFirstToday, rememberSource } from './store/database.ts';
import type { World } from './world.ts';

/** The symbols that were read, each with its sessions that have a value, ascending. */
export type Fresh = ReadonlyMap<string, ReadonlySet<Session>>;

/**
 * Reads every symbol from its source, judges and stores it. One symbol that cannot be read stops no other.
 * @returns what was read, and a line for each symbol that was not
 */
export async function readClosesOfAll(world: World, offline: boolean): Promise<{ fresh: Fresh; problems: string[] }> {
  const { settings, source, database, clean } = world;
  const fresh = new Map<string, ReadonlySet<Session>>();
  const problems: string[] = [];
  if (offline && source.needsNetwork) return { fresh, problems };
  rememberSource(database, source.name, settings.databasePath);
  await Promise.all(
    watchedSymbols(settings).map(async (symbol) => {
      try {
        fresh.set(symbol, valuesOf(await readCloses(world, symbol)));
      } catch (error) {
        if (!(error instanceof SourceError)) throw error;
        problems.push(clean(error.message));
      }
    }),
  );
  if (problems.length === 0) await readTotalReturns(world);
  return { fresh, problems };
}

/**
 * The benchmarks with dividends, which nothing is decided by: not every source has them, so one that cannot be read is no
 * problem. A service is asked for one that is not stored once a day only.
 */
async function readTotalReturns(world: World): Promise<void> {
  const { settings, source, closes, database, now } = world;
  const benchmarks = new Set(settings.signals.map(({ benchmark }) => benchmark));
  for (const symbol of [...benchmarks].flatMap((benchmark) => totalReturnSymbol(settings, benchmark) ?? [])) {
    const first = source.needsNetwork && closes.first(symbol) === undefined;
    if (first && !isFirstToday(database, `asked ${symbol}`, newYorkDate(now()))) continue;
    try {
      await readCloses({ ...world, progress: () => {} }, symbol);
    } catch (error) {
      if (!(error instanceof SourceError)) throw error;
    }
  }
}

async function readCloses(world: World, symbol: string): Promise<Reading> {
  const { settings, source, closes, now, progress } = world;
  const missed = missedBeginning(world, symbol);
  const from = missed === undefined ? closes.readFrom(symbol, now()) : undefined;
  if (missed !== undefined)
    progress(`${symbol}: the history begins on ${date(missed)} only; reading all of it again …`);
  else if (from === undefined) progress(`${symbol}: reading the whole history, once …`);
  const reading = await source.read(symbol, from, now());
  const known = closes.known(symbol, reading.bars[0]?.session ?? '9999');
  const judgement = judge(reading, known, maxDailyMove(settings, symbol), now());
  closes.store(symbol, judgement);
  if (from === undefined) progress(`${symbol}: ${plural(judgement.changed.length, 'session')} stored`);
  return reading;
}

/**
 * The first stored session of an index whose history should begin earlier: a first answer that was cut off would leave
 * records unknown for ever, as nothing before the first stored session is missed otherwise.
 */
function missedBeginning({ settings, closes }: World, symbol: string): Session | undefined {
  const first = closes.first(symbol);
  const late = settings.signals.some(
    ({ index, beforeHistory }) =>
      index === symbol && beforeHistory !== undefined && first !== undefined && first > beforeHistory.until,
  );
  return late ? first : undefined;
}

function valuesOf({ bars }: Reading): ReadonlySet<Session> {
  return new Set(bars.flatMap(({ session, close }) => (close === null ? [] : [session])));
}
