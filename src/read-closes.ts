import pMap from 'p-map';
import { type Comparison, noteSourceClock, readingTime } from './clock.ts';
import { newYorkDate } from './market/calendar.ts';
import { roundClose, type Session } from './market/close.ts';
import { type Restatement, restated, restatementOf, restatementText } from './market/restatement.ts';
import { judge, type KnownClose } from './market/sanity.ts';
import { type Reading, SourceError } from './market/source.ts';
import { isToCome } from './market/stamp.ts';
import { count, date, plural } from './message/format.ts';
import { maxDailyMove, totalReturnSymbol, watchedSymbols } from './settings.ts';
import { isFirstToday, rememberSource } from './store/database.ts';
import { prepared } from './store/prepared.ts';
import type { World } from './world.ts';

/** The symbols that were read, each with its sessions that have a value, ascending. */
export type Fresh = ReadonlyMap<string, ReadonlySet<Session>>;

/** A reading of a symbol, and whether it was of the whole history. */
interface Read {
  readonly reading: Reading;
  readonly whole: boolean;
}

/** What a run has read of its symbols. */
export interface ReadSymbols {
  readonly fresh: Fresh;
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
/** In milliseconds. */
const NEWLY_RESTATED = 2 * 86_400_000;

/**
 * Reads every symbol from its source, judges and stores it. One symbol that cannot be read stops no other. Those that
 * were read longest ago come first, so that a run that is stopped is gone on with by the next one.
 */
export async function readClosesOfAll(world: World, offline: boolean): Promise<ReadSymbols> {
  const { settings, source } = world;
  if (offline && source.needsNetwork) return { fresh: new Map(), whole: new Set(), problems: [] };
  const reading = await readClosesOf(world, watchedSymbols(settings));
  if (reading.problems.length === 0) await readTotalReturns(world);
  return reading;
}

/** The same for some symbols. */
export async function readClosesOf(world: World, symbols: readonly string[]): Promise<ReadSymbols> {
  const { settings, source, closes, database, clean, progress, sleep, stopping } = world;
  rememberSource(database, source.name, settings.databasePath);
  const fresh = new Map<string, ReadonlySet<Session>>();
  const wholes = new Set<string>();
  const problems: string[] = [];
  const looks = closes.looks();
  const lookedAt = (symbol: string) => {
    const at = looks.get(symbol);
    return at === undefined || isToCome(at, world.now()) ? 0 : Date.parse(at);
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
        const { reading, whole } = await readCloses(world, symbol);
        fresh.set(symbol, valuesOf(reading));
        if (whole) wholes.add(symbol);
        if (reading.answeredAt !== undefined) clocks = { source: reading.answeredAt, machine: world.now() };
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
  if (clocks !== undefined) await noteSourceClock(world, clocks);
  if (done < symbols.length) {
    problems.push(
      `stopped after ${count(done)} of ${count(symbols.length)} symbols; the next run reads the others first`,
    );
  }
  return { fresh, whole: wholes, problems };
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

/**
 * Reads, judges and stores the whole history of a symbol: before anything is told, its close and the record that it passes
 * have to stand in one answer.
 * @returns its sessions that have a value, ascending
 * @throws {SourceError} where it cannot be read
 */
export async function readWholeHistory(world: World, symbol: string): Promise<ReadonlySet<Session>> {
  const { reading } = await readCloses(world, symbol, true);
  return valuesOf(reading);
}

async function readCloses(world: World, symbol: string, whole = false): Promise<Read> {
  const { source, closes, now, progress } = world;
  const missed = missedBeginning(world, symbol);
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
    return { reading: await readRestated(world, symbol, from === undefined ? reading : undefined), whole: true };
  forgetRestatement(world, reading);
  const judgement = judge(reading, known, maxDailyMove(world.settings, symbol), at, closes.exchange(symbol));
  closes.store(symbol, judgement);
  if (from === undefined && !whole && judgement.changed.length > 0) {
    progress(`${symbol}: ${plural(judgement.changed.length, 'session')} stored`);
  }
  return { reading, whole: from === undefined };
}

/**
 * Puts a whole new reading in the place of what is stored, where the source has restated every close by one factor: the old
 * closes and the new ones must never meet.
 * @param whole a reading of the whole history; undefined: it is made
 * @throws {SourceError} where the reading is restated in part only, so that it mixes two scales; nothing is stored then
 */
async function readRestated(world: World, symbol: string, whole: Reading | undefined): Promise<Reading> {
  const { settings, source, closes, now, progress } = world;
  const reading = whole ?? (await source.read(symbol, undefined, now()));
  const known = closes.known(symbol);
  const restatement = restatementOf(reading.bars, known);
  if (restatement === undefined) {
    throw new SourceError(
      `${symbol}: a short reading and the whole history, read after it, differ in scale; nothing of them is stored, and the next run reads again`,
    );
  }
  const { part, isWhole, sessions } = restatement;
  const text = restatementText(restatement);
  const lacking = known.filter(({ close }) => close !== null).length - closesOfBoth(reading, known);
  if (lacking > known.length * MAY_LACK) {
    throw new SourceError(
      `${symbol}: the source now tells ${text}, in an answer that lacks ${plural(lacking, 'stored session')}; two scales in one history cannot be compared, so nothing of it is stored`,
    );
  }
  if (isWhole && fitsOldScale(reading, known, restatement) && !standsFor(world, symbol, restatement, SAID_TWICE_MS)) {
    throw new SourceError(
      `${symbol}: the source now tells ${text}, but its newest session lies nearer to the old scale; nothing of it is stored before a second answer, an hour later, says the same`,
    );
  }
  const after = takesBack(world, symbol, reading, restatement) ? SAID_TWICE_MS : MEANT_AFTER_MS;
  if (!isWhole && !(part === 'older' && standsFor(world, symbol, restatement, after))) {
    throw new SourceError(
      `${symbol}: the source now tells ${text} (${plural(sessions, 'session')}) and leaves the others as they were; two scales in one history cannot be compared, so nothing of it is stored`,
    );
  }
  const at = readingTime(reading, now());
  const fresh = judge(reading, [], maxDailyMove(settings, symbol), at, closes.exchange(symbol));
  closes.store(symbol, restated(fresh, known, at));
  noteRestated(world, symbol, at);
  progress(`${symbol}: the source has restated its history, ${text}; all of it was read again`);
  return reading;
}

function noteRestated({ database }: World, symbol: string, at: number): void {
  const value = new Date(at).toISOString();
  prepared(database, 'insert or replace into facts (name, value) values (?, ?)').run(`restated at ${symbol}`, value);
}

/** True for two days after the whole history of a symbol was restated: a source may take that back. */
export function isNewlyRestated({ database, now }: Pick<World, 'database' | 'now'>, symbol: string): boolean {
  const at = prepared(database, 'select value from facts where name = ?').pluck().get(`restated at ${symbol}`);
  if (typeof at !== 'string' || isToCome(at, now())) return false;
  return now() - Date.parse(at) <= NEWLY_RESTATED;
}

/** The share of the stored sessions that an answer of all may lack: services lose single ones. */
const MAY_LACK = 0.01;

function closesOfBoth(reading: Reading, known: readonly KnownClose[]): number {
  const read = valuesOf(reading);
  return known.filter(({ session, close }) => close !== null && read.has(session)).length;
}

/** A source that adjusts what lies before a day, and still says so after so many days, means it. */
const MEANT_AFTER_MS = 5 * 86_400_000;
/** One that is back at what it said before, or whose newest session may be of the old scale, says so twice. */
const SAID_TWICE_MS = 3_600_000;

/**
 * True where every stored close is restated by a factor that days may bring too, and the first close that is not stored lies
 * nearer to the one before it as that was: it may be of the old scale, and would be compared with a record of the new one.
 */
function fitsOldScale({ bars }: Reading, known: readonly KnownClose[], { part, to }: Restatement): boolean {
  const stored = known.find(({ session }) => session === to)?.close;
  const read = bars.find(({ session }) => session === to)?.close;
  const added = bars.find(({ session, close }) => session > to && close !== null)?.close;
  if (part !== 'all' || stored == null || read == null || added == null) return false;
  const move = (from: number) => Math.abs(Math.log(added / from));
  return Math.abs(Math.log(read / stored)) < SMALL && move(stored) < move(read);
}

/** A factor that a bigger one is told from at the newest close, in logs. */
const SMALL = 0.15;

/** True where the closes at both ends of a restatement are again what they were before the last one. */
function takesBack({ closes }: World, symbol: string, { bars }: Reading, { from, to }: Restatement): boolean {
  return [from, to].every((session) => {
    const read = bars.find((bar) => bar.session === session)?.close;
    const before = closes.revisions(symbol, session).at(-1)?.from;
    return read != null && before?.believed === true && before.close === roundClose(read);
  });
}

/** A restatement of a part that is not believed yet. */
interface NotedRestatement {
  readonly text: string;
  /** The last session of it; absent: noted by an earlier version. */
  readonly to?: Session;
  /** Epoch milliseconds. */
  readonly since: number;
}

/** True where a source has told the same restatement for so long, at every look; notes when it began. */
function standsFor(world: World, symbol: string, restatement: Restatement, milliseconds: number): boolean {
  const { database, now } = world;
  const text = restatementText(restatement);
  const known = notedRestatement(world, symbol);
  if (known?.text === text && known.since <= now()) return now() - known.since >= milliseconds;
  const note: NotedRestatement = { text, to: restatement.to, since: now() };
  prepared(database, 'insert or replace into facts (name, value) values (?, ?)').run(
    `restated ${symbol}`,
    JSON.stringify(note),
  );
  return false;
}

/** A reading that reaches into the part and has it as it is stored ends what was told of it so far. */
function forgetRestatement(world: World, { symbol, bars }: Reading): void {
  const known = notedRestatement(world, symbol);
  const [first] = bars;
  if (known === undefined || first === undefined || (known.to !== undefined && first.session > known.to)) return;
  prepared(world.database, 'delete from facts where name = ?').run(`restated ${symbol}`);
}

function notedRestatement({ database }: World, symbol: string): NotedRestatement | undefined {
  const noted = prepared(database, 'select value from facts where name = ?').pluck().get(`restated ${symbol}`);
  return typeof noted === 'string' ? (JSON.parse(noted) as NotedRestatement) : undefined;
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
