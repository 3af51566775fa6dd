import type { Message } from './message.ts';

/** Something that keeps the bot from its work. One trouble with one beginning is told once. */
export interface Trouble {
  /** What it is, as part of an id: `held-russell-2000`. */
  readonly name: string;
  /** When it began: a session, an instant, the id of a message. */
  readonly since: string;
  readonly title: string;
  /** What happened, what it means and what to do. */
  readonly text: string;
  /** True once it lasts so long that it is told a second time. */
  readonly again: boolean;
  /** True where an event could be missed, or an alert not arrive. */
  readonly blocking: boolean;
  /** The closes that a second source may know more of; absent: none. */
  readonly closes?: { readonly indexes: readonly string[]; readonly sessions: readonly string[] };
  /** The channels that it is about, `email` for all addresses: it is told through the others. */
  readonly about: string | readonly string[] | null;
  /** How many channels of a kind it is about; absent where that says nothing. One more is no other trouble. */
  readonly count?: number;
}

/** The id of a trouble's warning. */
export function warningId({ name, since }: Pick<Trouble, 'name' | 'since'>): string {
  return `warning/${name}/${since}`;
}

/** The id of the second warning about a trouble. */
export function reminderId(trouble: Pick<Trouble, 'name' | 'since'>): string {
  return `${warningId(trouble)}/again`;
}

/** The id of the nth warning about a trouble that became more: from 2 on. */
export function moreId(trouble: Pick<Trouble, 'name' | 'since'>, nth: number): string {
  return `${reminderId(trouble)}-${nth}`;
}

/** How many channels a warning was about when it was written; undefined where it does not say. */
export function countIn({ figures }: Pick<Message, 'figures'>): number | undefined {
  return figures.count === undefined ? undefined : Number(figures.count);
}

/** Tells of a trouble. */
export function warningMessage(trouble: Trouble, createdAt: string): Message {
  const { title, text, count } = trouble;
  const figures: Message['figures'] = count === undefined ? {} : { count: String(count) };
  return { ...BLANK, id: warningId(trouble), kind: 'warning', createdAt, title, lead: text, figures };
}

/**
 * Tells that a trouble is about more channels than was told.
 * @param nth which warning of it this is, from 2 on
 */
export function moreMessage(trouble: Trouble, nth: number, createdAt: string): Message {
  const warning = warningMessage(trouble, createdAt);
  return { ...warning, id: moreId(trouble, nth), title: `More: ${trouble.title}`, refersTo: warning.id };
}

/** Tells of a trouble a second time. */
export function reminderMessage(trouble: Trouble, createdAt: string): Message {
  const warning = warningMessage(trouble, createdAt);
  return { ...warning, id: reminderId(trouble), title: `Still: ${trouble.title}`, refersTo: warning.id };
}

/**
 * Takes a warning back.
 * @param now what is true instead, as a sentence
 */
export function allClearMessage(warning: Message, now: string, createdAt: string): Message {
  return {
    ...BLANK,
    id: `${warning.id}/all-clear`,
    kind: 'all-clear',
    createdAt,
    title: `All clear: ${warning.title}`,
    lead: `${now} No action needed. What the warning said: ${warning.lead}`,
    refersTo: warning.id,
  };
}

const BLANK = {
  signal: null,
  session: null,
  notes: [],
  sections: [],
  figures: {},
  benchmarkTo: null,
  refersTo: null,
  footer: [],
};
