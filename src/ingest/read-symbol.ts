import type { App } from '../app/app.ts';
import { readingTime } from '../app/clock.ts';
import type { Session } from '../market/close.ts';
import type { KnownClose } from '../market/known-close.ts';
import { restatementOf } from '../market/restatement.ts';
import { judge } from '../market/sanity.ts';
import { type Reading, SourceError, sessionsOf } from '../market/source.ts';
import { date, plural } from '../message/format.ts';
import { maxDailyMove } from '../settings/symbols.ts';
import { noteDecimals } from './note-decimals.ts';
import { otherThanStored } from './refuse-other.ts';
import { readRestated } from './restated.ts';
import { forgetRestatement } from './restatement-notes.ts';

/** A reading of a symbol, and whether it was of the whole history. */
interface Read {
  readonly reading: Reading;
  readonly whole: boolean;
  /** This machine's clock when the answer came, epoch milliseconds: storing it may take long. */
  readonly readAt: number;
}

type Reader = Pick<App, 'settings' | 'closes' | 'source' | 'now' | 'host'>;

/**
 * Reads what may be new of a symbol, judges and stores it: all of it where nothing is stored, or its beginning is missed.
 * @throws {SourceError} where it cannot be read
 */
export async function readSymbol(app: Reader, symbol: string): Promise<Read> {
  const { closes, now, host } = app;
  const from = missedBeginning(app, symbol) === undefined ? closes.readFrom(symbol, now()) : undefined;
  const { stored, ...read } = await readFrom(app, symbol, from);
  if (from === undefined && stored > 0) host.progress(`${symbol}: ${plural(stored, 'session')} stored`);
  return read;
}

/**
 * Reads, judges and stores the whole history of a symbol: before anything is told, its close and the record that it passes
 * have to stand in one answer.
 * @returns its sessions that have a value, ascending
 * @throws {SourceError} where it cannot be read
 */
export async function readWholeHistory(app: Reader, symbol: string): Promise<ReadonlySet<Session>> {
  const { reading } = await readFrom(app, symbol, undefined);
  return sessionsOf(reading);
}

/** @param from the first session to read; undefined: the whole history */
async function readFrom(
  app: Reader,
  symbol: string,
  from: Session | undefined,
): Promise<Read & { readonly stored: number }> {
  const { settings, source, closes, now } = app;
  if (from === undefined) announce(app, symbol);
  const reading = await source.read(symbol, from, now());
  const readAt = now();
  const at = readingTime(reading, readAt);
  // First: what is known is to be judged as soon as it is read.
  await closes.noteLook(reading, at);
  await noteDecimals(app, reading, from === undefined);
  const decimals = closes.decimals(symbol);
  const known = closes.known(symbol, reading.bars[0]?.session ?? '9999');
  if (restatementOf(reading.bars, known, decimals) !== undefined) {
    const whole = await readRestated(app, symbol, from === undefined ? reading : undefined);
    return { reading: whole, whole: true, readAt: now(), stored: 0 };
  }
  if (source.name === 'csv') refuseOther(app, reading, known);
  await forgetRestatement(app, reading);
  const judgement = judge(reading, known, maxDailyMove(settings, symbol), at, closes.exchange(symbol), decimals);
  await closes.store(symbol, judgement);
  return { reading, whole: from === undefined, readAt, stored: judgement.changed.length };
}

/** So many closes of a folder's file differ at least before it is taken for another file. */
const FEWEST_OTHER = 5;

/**
 * A service answers for the symbol that it was asked for, and its second readings agree or do not. A file is what a person put
 * there: one that was exchanged would agree with itself an hour later, and overturn every close.
 * @throws {SourceError} where most of its closes are not the stored ones
 */
function refuseOther(
  app: Pick<App, 'settings' | 'closes'>,
  { symbol, bars }: Reading,
  known: readonly KnownClose[],
): void {
  const stored = known.flatMap(({ session, close }) => (close === null ? [] : { session, close }));
  const other = otherThanStored(app, symbol, bars, stored, FEWEST_OTHER);
  if (other === undefined) return;
  throw new SourceError(
    `${symbol}.csv: ${other}; none of it was stored. If the file is right and the stored closes are wrong, start over with another DATABASE_PATH`,
  );
}

/** Says why the whole history is read, where that takes a person by surprise. */
function announce(app: Pick<App, 'settings' | 'closes' | 'host'>, symbol: string): void {
  const missed = missedBeginning(app, symbol);
  if (missed !== undefined) {
    app.host.progress(`${symbol}: the stored history begins only on ${date(missed)}; reading all of it again …`);
  } else if (app.closes.first(symbol) === undefined) {
    app.host.progress(`${symbol}: reading the whole history, once …`);
  }
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
