import type { App } from '../../app/app.ts';
import { firstOf } from '../../message/format.ts';
import type { Message, Picture, Section } from '../../message/message.ts';
import type { Signal } from '../../signal/signal.ts';
import { signalNamed } from '../../signal/signal-named.ts';
import { QuestionError } from '../question-error.ts';

/** What somebody asked on Discord. */
export interface Question {
  readonly command: string;
  /** The options as texts. */
  readonly options: Readonly<Record<string, string>>;
  /** Who asks: a name and an id, for the ledger. */
  readonly by: string;
  /** True for somebody who may manage the server. */
  readonly manager: boolean;
}

export interface Answer {
  readonly message: Message;
  readonly pictures: readonly Picture[];
  readonly files: readonly { readonly name: string; readonly text: string }[];
}

/** What an answer says. */
interface Said {
  /** What it answers, for its id. */
  readonly name: string;
  readonly title: string;
  readonly lead: string;
  readonly sections?: readonly Section[];
  readonly footer?: readonly string[];
}

/** An answer in the form of a message, which every channel can render; without pictures and files. */
export function answer(
  { now, source }: Pick<App, 'source' | 'now'>,
  { name, title, lead, sections = [], footer = [] }: Said,
): Answer {
  const message: Message = {
    id: `answer/${name}`,
    kind: 'digest',
    signal: null,
    session: null,
    createdAt: new Date(now()).toISOString(),
    title,
    lead,
    notes: source.note === undefined ? [] : [source.note],
    sections,
    figures: {},
    benchmarkTo: null,
    refersTo: null,
    footer,
  };
  return { message, pictures: [], files: [] };
}

/**
 * The signal that a question names, or the first one.
 * @throws {QuestionError} where no signal has that id
 */
export function signalOf({ settings }: Pick<App, 'settings'>, id: string | undefined): Signal {
  const { signals } = settings;
  const signal = signalNamed(signals, id);
  if (signal !== undefined) return signal;
  throw new QuestionError(
    `signal is '${shortened(`${id}`)}'; allowed: ${firstOf(signals.map((candidate) => candidate.id))}.`,
  );
}

/**
 * Discord asks for the permission before; who has changed that in its settings is asked here once more.
 * @throws {QuestionError} for anybody who may not manage the server
 */
export function requireManager({ command, manager }: Question): void {
  if (!manager) throw new QuestionError(`/${command} needs the Manage Server permission.`);
}

/** How many characters of what a person typed are quoted. */
const SAID_BACK = 50;

/** What a person typed, short enough to be said back. */
export function shortened(text: string): string {
  const line = text.replace(/[\p{Cc}\s]+/gu, ' ').trim();
  return line.length > SAID_BACK ? `${line.slice(0, SAID_BACK)}…` : line;
}
