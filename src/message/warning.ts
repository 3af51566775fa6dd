import type { Message } from './message.ts';

/** Something that keeps the bot from doing its work. */
export interface Trouble {
  /** What it is, as part of an id: `held-russell-2000`. */
  readonly name: string;
  /** When it began: a session or an ISO instant. One trouble with one beginning is told once. */
  readonly since: string;
  readonly title: string;
  /** What happened, what it means and what to do. */
  readonly text: string;
}

/** Tells of a trouble. Its id makes sure that one trouble is told once. */
export function warningMessage(trouble: Trouble, createdAt: string): Message {
  return {
    id: `warning/${trouble.name}/${trouble.since}`,
    kind: 'warning',
    signal: null,
    session: null,
    createdAt,
    title: trouble.title,
    lead: trouble.text,
    notes: [],
    sections: [],
    figures: {},
    benchmarkTo: null,
    refersTo: null,
    footer: [],
  };
}
