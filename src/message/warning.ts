import type { Message } from './message.ts';

/** Something that keeps the bot from doing its work. One trouble with one beginning is told once. */
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
  /** The channels that it is about, as the beginning of their ids: it is told through the others. */
  readonly about: string | readonly string[] | null;
}

/** The id of a trouble's warning. */
export function warningId({ name, since }: Pick<Trouble, 'name' | 'since'>): string {
  return `warning/${name}/${since}`;
}

/** The id of the second warning about a trouble. */
export function reminderId(trouble: Pick<Trouble, 'name' | 'since'>): string {
  return `${warningId(trouble)}/again`;
}

/** Tells of a trouble. */
export function warningMessage(trouble: Trouble, createdAt: string): Message {
  return { ...BLANK, id: warningId(trouble), kind: 'warning', createdAt, title: trouble.title, lead: trouble.text };
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
    lead: `${now} Nothing is left to do. What the warning said: ${warning.lead}`,
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
