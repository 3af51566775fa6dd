import type { App } from '../app/app.ts';
import { readingTime } from '../app/clock.ts';
import type { KnownClose } from '../market/known-close.ts';
import { precise } from '../market/precision.ts';
import { type Restatement, restated, restatementOf, restatementText } from '../market/restatement.ts';
import { judge } from '../market/sanity.ts';
import { type Reading, SourceError, sessionsOf } from '../market/source.ts';
import { plural } from '../message/format.ts';
import { maxDailyMove } from '../settings/symbols.ts';
import { noteRestated, standsFor } from './restatement-notes.ts';

/** The share of the stored sessions that an answer of all may lack: services lose single ones. */
const MAY_LACK = 0.01;
/** A source that adjusts what lies before a day, and still says so after so many days, means it. */
const MEANT_AFTER_MS = 5 * 86_400_000;
/** One that is back at what it said before, or whose newest session may be of the old scale, says so twice. */
const SAID_TWICE_MS = 3_600_000;
/** A factor that a bigger one is told from at the newest close, in logs. */
const SMALL = 0.15;

/**
 * Puts a whole new reading in the place of what is stored, where the source has restated every close by one factor: the old
 * closes and the new ones must never meet.
 * @param whole a reading of the whole history; undefined: it is made
 * @throws {SourceError} where the reading is restated in part only, so that it mixes two scales; nothing is stored then
 */
export async function readRestated(
  app: Pick<App, 'settings' | 'closes' | 'source' | 'now' | 'host'>,
  symbol: string,
  whole: Reading | undefined,
): Promise<Reading> {
  const { settings, source, closes, now, host } = app;
  const reading = whole ?? (await source.read(symbol, undefined, now()));
  const known = closes.known(symbol);
  const decimals = closes.decimals(symbol);
  const restatement = restatementOf(reading.bars, known, decimals);
  if (restatement === undefined) {
    throw new SourceError(
      `${symbol}: a short reading and the whole history, read after it, differ in scale; neither was stored, and the next run reads again`,
    );
  }
  const { part, isWhole, sessions } = restatement;
  const text = restatementText(restatement);
  const lacking = known.filter(({ close }) => close !== null).length - closesOfBoth(reading, known);
  if (lacking > known.length * MAY_LACK) {
    throw new SourceError(
      `${symbol}: the source now has ${text}, in an answer that lacks ${plural(lacking, 'stored session')}; two scales in one history cannot be compared, so none of it was stored`,
    );
  }
  if (
    isWhole &&
    fitsOldScale(reading, known, restatement) &&
    !(await standsFor(app, symbol, restatement, SAID_TWICE_MS))
  ) {
    throw new SourceError(
      `${symbol}: the source now has ${text}, but its newest session lies nearer to the old scale; it is stored once a second answer, an hour later, agrees`,
    );
  }
  const after = takesBack(app, symbol, reading, restatement) ? SAID_TWICE_MS : MEANT_AFTER_MS;
  if (!isWhole && !(part === 'older' && (await standsFor(app, symbol, restatement, after)))) {
    throw new SourceError(
      `${symbol}: the source now has ${text} (${plural(sessions, 'session')}) and the others unchanged; two scales in one history cannot be compared, so none of it was stored`,
    );
  }
  const at = readingTime(reading, now());
  const fresh = judge(reading, [], maxDailyMove(settings, symbol), at, closes.exchange(symbol), decimals);
  await closes.store(symbol, restated(fresh, known, at));
  await noteRestated(app, symbol, at);
  host.progress(`${symbol}: the source restated its history (${text}); all of it was read again`);
  return reading;
}

function closesOfBoth(reading: Reading, known: readonly KnownClose[]): number {
  const read = sessionsOf(reading);
  return known.filter(({ session, close }) => close !== null && read.has(session)).length;
}

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

/** True where the closes at both ends of a restatement are again what they were before the last one. */
function takesBack(
  { closes }: Pick<App, 'closes'>,
  symbol: string,
  { bars }: Reading,
  { from, to }: Restatement,
): boolean {
  return [from, to].every((session) => {
    const read = bars.find((bar) => bar.session === session)?.close;
    const before = closes.revisions(symbol, session).at(-1)?.from;
    return read != null && before?.believed === true && before.close === precise(read, closes.decimals(symbol)).close;
  });
}
