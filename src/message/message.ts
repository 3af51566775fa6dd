import type { Session } from '../market/close.ts';
import type { Testimony } from '../market/witness.ts';

export type MessageKind =
  | 'alert'
  | 'correction'
  | 'retraction'
  | 'follow-up'
  | 'approaching'
  | 'reminder'
  | 'digest'
  | 'warning'
  | 'all-clear'
  | 'drill';

/**
 * What people read, as data: every channel renders it in its own way. It is stored with the decision, so that retries
 * and corrections start from what was said. Numbers are texts already, in the conventions of the field.
 *
 * Pictures are not part of it: `signal`, `session` and the closes say what to draw, and a channel takes them beside the
 * message, so that a picture that fails blocks nothing.
 */
export interface Message {
  /**
   * `<signal>/<session>/<kind>[-n]`, `<alert id>/reminder`, `evening/<session>/<kind>-<mark>`,
   * `approaching/<signal>/<record's session>/<percent>`, `digest/<session>`, `warning/<trouble>/<since>[/again|/all-clear]`,
   * `drill/<instant>`. Unique, and never changed.
   */
  readonly id: string;
  readonly kind: MessageKind;
  readonly signal: string | null;
  readonly session: Session | null;
  /** ISO instant. */
  readonly createdAt: string;
  /** Subject of the email, title of the embed. */
  readonly title: string;
  /** What happened, in one or two sentences that stand alone. */
  readonly lead: string;
  // Absent in messages of other kinds, and in those that older versions have stored: their lead says it all.
  /** What followed earlier, in one sentence with the rate of any day. */
  readonly followed?: string;
  /** How far to trust it, in one sentence. */
  readonly doubt?: string;
  /** The figures to print large, texts already: "10 of 11", "higher a year later". */
  readonly highlights?: readonly Highlight[];
  /** What the reader must know before believing it: found late, simulated data. */
  readonly notes: readonly string[];
  readonly sections: readonly Section[];
  /** What concerns only whoever runs the bot, a paragraph each: it stands at the end. */
  readonly operator?: readonly string[];
  /** The figures that were printed, by name, at their printed precision: what a correction compares. */
  readonly figures: Readonly<Record<string, string>>;
  /** The last benchmark session that the figures stand on; null without any. */
  readonly benchmarkTo: Session | null;
  /** Id of the first message about the same event or trouble. */
  readonly refersTo: string | null;
  /** Age and origin of the data, a line each; the id is added when it is rendered. */
  readonly footer: readonly string[];
  /** What the table of a message that tells many events says of this one; absent in what older versions have stored. */
  readonly line?: EventLine;
  /** The ids of the messages that this one tells together, in the order of its table; absent: it is about itself only. */
  readonly tells?: readonly string[];
  /** What a second source said of the session's close when this was decided; absent: none is set up. */
  readonly witness?: Testimony;
}

/** One row of a table of many events, texts already. */
export interface EventLine {
  /** What people call the index. */
  readonly name: string;
  /** The other cells by the title of their column. */
  readonly cells: Readonly<Record<string, string>>;
  /** The row with the greatest comes first. */
  readonly weight: number;
  /** A record close is an event where the one before lies more than this many calendar years back. */
  readonly quietYears: number;
  /** Where the closes come from: "Yahoo Finance". */
  readonly origin: string;
}

/** A figure that is printed large. */
export interface Highlight {
  readonly value: string;
  readonly label: string;
}

export interface Section {
  readonly heading: string;
  readonly paragraphs: readonly string[];
  readonly table: Table | null;
}

export interface Table {
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly string[])[];
  /** The ids of the messages that the rows are about, where each has one. */
  readonly ids?: readonly string[];
}

export interface Column {
  readonly title: string;
  readonly align: 'left' | 'right';
  /** False for what a narrow display may leave out. */
  readonly essential: boolean;
}

/** A message on its way to one channel. */
export interface Outgoing {
  readonly message: Message;
  /** True when an earlier attempt may have arrived: the reader is told. */
  readonly repeat: boolean;
  /** How the first message about the same event arrived on this channel. */
  readonly refersTo: Receipt | null;
  /** Drawn for this message; none where its kind has none, or where they could not be drawn. */
  readonly pictures?: readonly Picture[];
  /** Why its pictures are missing, where it should have some: the reader is told. */
  readonly lacking?: 'not drawn' | 'not taken';
  /** The address of the page, without a slash at its end, for the rows of a table; absent as `page` is. */
  readonly site?: string;
  /** The address of its place on the page; absent where nobody has said under which one readers reach it. */
  readonly page?: string;
  /** The address where this reader marks the message as seen; absent where that is not asked, or there is no such page. */
  readonly seen?: string;
}

/** A picture beside a message. */
export interface Picture {
  readonly name: 'record' | 'outcomes';
  /** What it shows, for readers who cannot see it. */
  readonly alt: string;
  readonly png: Uint8Array;
  /** The same in dark colours; absent where no channel shows it. */
  readonly dark?: Uint8Array;
}

/** What a channel keeps of a delivered message, to refer to it later: its own ids. */
export type Receipt = Readonly<Record<string, string>>;
