import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Session } from '../../src/market/close.ts';
import { readCloses } from '../../src/market/csv.ts';
import { approachingId } from '../../src/message/approaching.ts';
import { plural } from '../../src/message/format.ts';
import { readConfig } from '../../src/settings/config-files.ts';
import { SignalsFile } from '../../src/settings/signals-file.ts';
import { distanceReached } from '../../src/signal/approaching.ts';
import { detect } from '../../src/signal/first-record.ts';
import type { Signal } from '../../src/signal/signal.ts';
import { historyOf, type SignalCloses } from '../../src/study/signal-closes.ts';

const ROOT = join(import.meta.dirname, '../..');
const MARKET_DATA = join(ROOT, '../shared/market-data');

/** The built-in signal with its real closes; undefined where those are not there. */
export function realSignal(): { readonly signal: Signal; readonly closes: SignalCloses } | undefined {
  if (!existsSync(MARKET_DATA)) return undefined;
  const [signal] = readConfig(SignalsFile, join(ROOT, 'config/signals.json'), '').signals;
  if (signal?.beforeHistory === undefined)
    throw new Error('config/signals.json begins with no signal to try this with');
  const before = readCloses(join(ROOT, signal.beforeHistory.file));
  return { signal, closes: { before, index: readCloses(join(MARKET_DATA, '^RUT.csv')), benchmark: [] } };
}

/** A note as it would have come, and what came of it: sessions until the record, or null. */
interface Note {
  readonly session: Session;
  readonly record: Session;
  readonly toRecord: number;
  readonly later: number | null;
}

/** Lives every evening again with the closes up to then, and notes on which a note of a distance would have come. */
export function notesSince(signal: Signal, closes: SignalCloses, distance: number): Note[] {
  const history = historyOf(signal, closes);
  const { events } = detect(history, signal.quietYears);
  const told = new Set<string>();
  const notes: Note[] = [];
  for (let at = history.sourceFrom; at < history.closes.length; at++) {
    const { state } = detect({ ...history, closes: history.closes.slice(0, at + 1) }, signal.quietYears);
    if (state === undefined || distanceReached(state, { approaching: [distance] }) === undefined) continue;
    const id = approachingId(signal.id, state.record.session, distance);
    if (told.has(id)) continue;
    told.add(id);
    const event = events.find(({ previousRecord }) => previousRecord.session === state.record.session);
    const end = event && history.closes.findIndex(({ session }) => session === event.session);
    notes.push({
      session: state.session,
      record: state.record.session,
      toRecord: state.toRecord,
      later: end === undefined ? null : end - at,
    });
  }
  return notes;
}

/** Prints them: `node test/evidence/approaches.ts 0.02`. */
function print(distance: number): void {
  const real = realSignal();
  if (real === undefined) throw new Error(`the real closes are not at ${MARKET_DATA}`);
  const notes = notesSince(real.signal, real.closes, distance);
  for (const { session, record, toRecord, later } of notes) {
    const end = later === null ? 'no record since' : `the record ${plural(later, 'session')} later`;
    process.stdout.write(`${session}  ${(toRecord * 100).toFixed(2)}% from the record of ${record}, ${end}\n`);
  }
  const from = real.closes.index[0]?.session;
  process.stdout.write(`${notes.length} notes since ${from}\n`);
}

if (import.meta.main) print(Number(process.argv[2] ?? '0.02'));
