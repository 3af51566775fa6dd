import { createHash } from 'node:crypto';
import type { Session } from '../market/close.ts';
import { CELL } from './event-line.ts';
import { count, instant, plural } from './format.ts';
import type { Column, EventLine, Message, MessageKind, Section, Table } from './message.ts';

// Many events of one evening in one message: what happened, and a table with a row for each. Every event keeps a message of its
// own, with its evidence; this one is written from those.

/** What begins the id of a message that tells many events; no signal may be called so. */
export const EVENING = 'evening';

/** True for the id of a message that tells many events. */
export function isTogether(id: string): boolean {
  return id.startsWith(`${EVENING}/`);
}

/** What the message is that tells others: the ids of these make its own, so that another set is another message. */
export interface Together {
  readonly kind: MessageKind;
  /** The session that it is about: the newest that was evaluated. */
  readonly session: Session;
  readonly createdAt: string;
}

/** `evening/<session>/<kind>-<mark of what it tells>`. */
function togetherId({ kind, session }: Together, tells: readonly string[]): string {
  const mark = createHash('sha256').update(tells.toSorted().join('\n')).digest('hex').slice(0, 8);
  return `${EVENING}/${session}/${kind}-${mark}`;
}

/** A member, with what its row says. */
type Member = Message & { readonly line: EventLine };

/** The messages that can be told in a table, in the order of its rows. */
export function inOrder(messages: readonly Message[]): Member[] {
  return messages
    .filter((message): message is Member => message.line !== undefined)
    .sort((a, b) => b.line.weight - a.line.weight || a.line.name.localeCompare(b.line.name, 'en'));
}

/**
 * The message that tells others in a table.
 * @param id by default that of all of them
 */
export function togetherMessage(together: Together, messages: readonly Message[], id?: string): Message {
  const members = inOrder(messages);
  const tells = members.map((member) => member.id);
  const words = WORDS[together.kind] ?? WORDS.alert;
  const from = commonly(members.map(({ line }) => line.origin));
  return {
    id: id ?? togetherId(together, tells),
    kind: together.kind,
    signal: null,
    session: together.session,
    createdAt: together.createdAt,
    title: words.title(members),
    lead: `${words.lead(members)} ${words.naming} ${named(members, words.beside)}.`,
    ...(words.doubt === undefined ? {} : { doubt: words.doubt(members) }),
    notes: notesOf(members),
    sections: [sectionOf(members, words)],
    operator: ['The message of each event, with its evidence, is on the page under /messages/ and its id.'],
    figures: {},
    benchmarkTo: null,
    refersTo: null,
    footer: [
      ...rulesOf(members),
      `Data: closes${from === undefined ? '' : ` from ${from}`}, read on ${instant(Date.parse(together.createdAt))}.`,
    ],
    tells,
  };
}

/** What a kind says of many events. */
interface Words {
  readonly title: (members: readonly Member[]) => string;
  readonly lead: (members: readonly Member[]) => string;
  /** What comes before the first names. */
  readonly naming: string;
  /** What stands beside each of them. */
  readonly beside?: (line: EventLine) => string | undefined;
  readonly doubt?: (members: readonly Member[]) => string;
  readonly heading: string;
  readonly explained: (members: readonly Member[]) => string;
  readonly columns: readonly Column[];
}

const NAME: Column = { title: 'Index', align: 'left', essential: true };
const SESSION: Column = { title: CELL.session, align: 'right', essential: false };
const BENCHMARK: Column = { title: CELL.benchmark, align: 'left', essential: false };
/** Near the name: at the edge of a phone the rate of any day would be cut off, and the count of hits stand without it. */
const HITS: Column = { title: CELL.higher, align: 'right', essential: true };

const WORDS: Partial<Record<MessageKind, Words>> & { readonly alert: Words } = {
  alert: {
    title: (members) => `${many(members)}: first record close ${longWait(members)}`,
    lead: (members) => `${many(members)} closed at a record for the first time ${longWait(members)}${on(members)}.`,
    naming: 'The longest waits:',
    beside: ({ cells }) => cells[CELL.quietDays] && `${cells[CELL.quietDays]} days`,
    doubt: () => 'A favourable row proves nothing: among many, some look good by chance alone.',
    heading: 'Every event, the longest wait first',
    explained: (members) => howOften(members, 'a year later'),
    columns: [
      NAME,
      HITS,
      SESSION,
      right(CELL.close, true),
      right(CELL.day, false),
      right(CELL.record, false),
      right(CELL.quietDays, true),
      BENCHMARK,
    ],
  },
  correction: {
    title: (members) => `Correction: ${plural(members.length, 'record close')}${of(members)}`,
    lead: (members) =>
      `The events of ${many(members)}${on(members)} stand. Figures of the earlier messages have changed.`,
    naming: 'The longest waits among them:',
    heading: 'What changed',
    explained: (members) => howOften(members, 'a year later'),
    columns: [NAME, HITS, SESSION, { title: CELL.changed, align: 'left', essential: true }, BENCHMARK],
  },
  retraction: {
    title: (members) => `Retracted: ${plural(members.length, 'record close')}${of(members)}`,
    lead: (members) => `The alerts of ${many(members)}${on(members)} no longer hold and are retracted.`,
    naming: 'Among them:',
    doubt: () => 'Closes were revised or arrived late; two readings at least an hour apart agree on each.',
    heading: 'What is true now',
    explained: () => 'The close of the session as it is now, and the record that it would have had to pass.',
    columns: [NAME, SESSION, right(CELL.closeNow, true), right(CELL.recordNow, true)],
  },
  'follow-up': {
    title: (members) => `${after(members)}what followed ${plural(members.length, 'record close')}${of(members)}`,
    lead: (members) =>
      `${after(members)}what followed the record closes of ${many(members)}${on(members)}, beside earlier occasions and any day.`,
    naming: 'The best so far:',
    beside: ({ cells }) => cells[CELL.since],
    doubt: () => 'Events of one evening share one market, so they say little more than one occasion.',
    heading: 'Every event, the best first',
    explained: (members) => howOften(members, 'at that point'),
    columns: [NAME, right(CELL.since, true), HITS, SESSION, right(CELL.after, false), BENCHMARK],
  },
};

function right(title: string, essential: boolean): Column {
  return { title, align: 'right', essential };
}

function many({ length }: readonly Member[]): string {
  return `${count(length)} ${length === 1 ? 'index' : 'indices'}`;
}

/** "in over a year", or where that differs "after a long wait". */
function longWait(members: readonly Member[]): string {
  const years = commonly(members.map(({ line }) => line.quietYears));
  if (years === undefined) return 'after a long wait';
  return `in over ${years === 1 ? 'a year' : plural(years, 'year')}`;
}

function on(members: readonly Member[]): string {
  const session = sameIn(members, CELL.session);
  return session === undefined ? '' : ` on ${session}`;
}

function of(members: readonly Member[]): string {
  const session = sameIn(members, CELL.session);
  return session === undefined ? '' : ` of ${session}`;
}

function after(members: readonly Member[]): string {
  const months = sameIn(members, CELL.after);
  return months === undefined ? '' : `After ${months}: `;
}

/** What the two columns of hits say. */
function howOften(members: readonly Member[], when: string): string {
  const benchmark = sameIn(members, CELL.benchmark);
  return (
    `Higher: how often ${benchmark === undefined ? 'the benchmark' : `the ${benchmark}`} was higher ${when} after earlier occasions. ` +
    `In brackets: the same after any day, event or not. Not investment advice.`
  );
}

/** How many are named before the table. */
const NAMED = 5;

function named(members: readonly Member[], beside: Words['beside'] = () => undefined): string {
  // One that is left out takes as much room as its name.
  const shown = members.length === NAMED + 1 ? members : members.slice(0, NAMED);
  const names = shown.map(({ line }) => {
    const figure = beside(line);
    return figure === undefined ? line.name : `${line.name} (${figure})`;
  });
  const more = members.length - names.length;
  return more > 0 ? `${names.join(', ')} and ${count(more)} more` : names.join(', ');
}

/** How many notes are repeated. */
const NOTES = 8;

/** The notes of all, each once, with whom it is about where that is not everybody. */
function notesOf(members: readonly Member[]): string[] {
  const whose = Map.groupBy(
    members.flatMap((member) => member.notes.map((note) => ({ member, note }))),
    ({ note }) => note,
  );
  const all = [...whose].map(([note, same]) =>
    same.length === members.length ? note : `${named(same.map(({ member }) => member))}: ${note}`,
  );
  const more = all.length - NOTES;
  return more > 0 ? [...all.slice(0, NOTES), `${plural(more, 'more note')}, each with its event on the page.`] : all;
}

function sectionOf(members: readonly Member[], { heading, explained, columns }: Words): Section {
  return { heading, paragraphs: [explained(members)], table: tableOf(members, columns) };
}

/** What is the same in every row is said before the table. */
function tableOf(members: readonly Member[], all: readonly Column[]): Table {
  const columns = all.filter((column) => {
    const told: readonly string[] = [CELL.session, CELL.benchmark, CELL.after];
    return !(told.includes(column.title) && sameIn(members, column.title) !== undefined);
  });
  return {
    columns,
    rows: members.map(({ line: { name, cells } }) =>
      columns.map(({ title }) => (title === NAME.title ? name : (cells[title] ?? ''))),
    ),
    ids: members.map(({ id }) => id),
  };
}

function rulesOf(members: readonly Member[]): string[] {
  const years = [...new Set(members.map(({ line }) => line.quietYears))].sort((a, b) => a - b);
  return years.map(
    (year) =>
      `Rule: closes above every earlier close for the first time in over ${year === 1 ? 'a calendar year' : `${year} calendar years`}.`,
  );
}

function sameIn(members: readonly Member[], cell: string): string | undefined {
  return commonly(members.map(({ line }) => line.cells[cell]));
}

/** The value that all have; undefined where they differ. */
function commonly<T>([first, ...others]: readonly T[]): T | undefined {
  return others.every((other) => other === first) ? first : undefined;
}
