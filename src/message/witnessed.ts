import { type Testimony, verdictOf } from '../market/witness.ts';
import { date, points } from './format.ts';
import type { Message } from './message.ts';

/** A close that an event depends on. */
interface Claim {
  readonly close: number;
  /** The record that it passes. */
  readonly record: number;
}

/**
 * What a message says of its second source: a note where it contradicts, as that must be seen first; else a sentence for
 * the section that says how far to trust it. Nothing where no witness is set up. Neither is a figure: a correction
 * compares figures.
 */
export function witnessed(
  testimony: Testimony | undefined,
  { close, record }: Claim,
): { note?: string; word?: string } {
  if (testimony === undefined) return {};
  const { by, close: read, silence } = testimony;
  if (read === null) return { word: `No second source confirms the close: ${by} ${silence}.` };
  if (verdictOf(testimony, close, record) === 'confirms') {
    return { word: `Close confirmed by ${by} (${points(read)}, delayed quote).` };
  }
  return {
    note: `${doubtOf(by)}${points(read)} for the same session, ${besideRecord(read, record)}: verify before you act.`,
  };
}

/** The note of a message in which a second source contradicts; undefined where none does. */
export function doubtIn({ witness, notes }: Pick<Message, 'witness' | 'notes'>): string | undefined {
  return witness === undefined ? undefined : notes.find((note) => note.startsWith(doubtOf(witness.by)));
}

/** Where a value lies beside a record: "below the record of 2,442.74". */
function besideRecord(value: number, record: number): string {
  const [read, mark] = [points(value), points(record)];
  if (read === mark) return `equal to the record of ${mark}`;
  return `${value > record ? 'above' : 'below'} the record of ${mark}`;
}

/** What a witness says of a close that is held, as a sentence. */
export function saysOfHeld(by: string, read: number, held: number, record: number): string {
  const verdict = verdictOf({ by, close: read, silence: null }, held, record);
  return verdict === 'confirms'
    ? `${by} has it too (${points(read)}, delayed quote).`
    : `${doubtOf(by)}${points(read)} for the same session, ${besideRecord(read, record)}.`;
}

/** What a witness says of a close that is missing, as a sentence. */
export function saysOfMissing(by: string, name: string, read: number, session: string, record: number | null): string {
  const beside = record === null ? '' : `, ${besideRecord(read, record)}`;
  return `${by} has ${points(read)} for the ${name} on ${date(session)}${beside}: check for yourself.`;
}

function doubtOf(by: string): string {
  return `${by} reads `;
}
