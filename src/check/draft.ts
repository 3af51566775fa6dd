import type { App } from '../app/app.ts';
import { forgottenOf } from '../channel/of-signal.ts';
import type { ReadSymbols } from '../ingest/read.ts';
import { readWholeHistory } from '../ingest/read-symbol.ts';
import { SourceError } from '../market/source.ts';
import { cleanWords } from '../message/clean-words.ts';
import { date } from '../message/format.ts';
import type { Signal } from '../signal/signal.ts';
import type { Decision, SignalRecord } from '../store/events.ts';
import type { Evaluation } from './evaluation.ts';
import { holeOf, notWhole } from './hole.ts';
import { reconcile } from './reconcile.ts';
import { type Standing, standingOf } from './standing.ts';
import { sessionToTell } from './untold.ts';
import type { Verdict } from './verdict.ts';

/** What a run knows when it looks at a signal. */
export interface Look {
  /** What this run read from the source. */
  readonly read: Pick<ReadSymbols, 'readSessions' | 'whole'>;
  readonly offline: boolean;
  /** Channels that are not set up any more and keep alerts all the same. */
  readonly forgotten: readonly string[];
}

/** What is to be told of a signal by all that was read. */
export interface Draft extends Pick<Standing, 'stands'> {
  /** With the channels that are forgotten. */
  readonly evaluation: Evaluation;
  readonly record: SignalRecord | undefined;
  readonly decision: Decision;
  /** True where the whole history stands in one answer. */
  readonly isWhole: boolean;
}

/** True for a draft; else the verdict is there already. */
export function isDraft(drafted: Draft | Verdict): drafted is Draft {
  return 'evaluation' in drafted;
}

/**
 * Evaluates one signal and drafts what to tell. Nothing is told that does not stand in one answer: before it is, the whole
 * history of the index is read again.
 * @returns the verdict where nothing can be decided
 */
export async function draftOf(app: App, signal: Signal, look: Look): Promise<Draft | Verdict> {
  const { read, forgotten } = look;
  const standing = standingOf(app, signal, read.readSessions);
  if ('problem' in standing) return standing;
  const { stands } = standing;
  const hole = holeOf(app, signal);
  if (hole !== undefined) return { ...stands, problem: notWhole(signal, hole) };
  const record = await app.ledger.signal(signal.id);
  const evaluation = {
    ...standing.evaluation,
    channels: [...standing.evaluation.channels, ...forgottenOf(signal, forgotten)],
  };
  const decision = reconcile(evaluation, record);
  tellProgress(app, signal, evaluation, record, decision);
  const isWhole = read.whole.has(signal.index);
  if (decision.messages.length === 0 || isWhole || !canRead(app, look)) {
    return { stands, evaluation, record, decision, isWhole };
  }
  const again = await readAgain(app, signal, look);
  if ('read' in again) return draftOf(app, signal, again);
  const session = sessionToTell(decision);
  const why = 'It was not sent, because the whole history could not be read again; a check says why';
  return { ...stands, ...again, ...(session === undefined ? {} : { untold: { session, why } }) };
}

/** True where the source may be asked. */
export function canRead({ source }: Pick<App, 'source'>, { offline }: Pick<Look, 'offline'>): boolean {
  return !(offline && source.needsNetwork);
}

/** The same look with the whole history of a signal's index; a line where it cannot be had. */
export async function readAgain(
  app: App,
  { title, index }: Signal,
  look: Look,
): Promise<Look | Pick<Verdict, 'problem' | 'unread'>> {
  const { readSessions, whole } = look.read;
  try {
    const sessions = await readWholeHistory(app, index);
    const read = { readSessions: new Map([...readSessions, [index, sessions]]), whole: new Set([...whole, index]) };
    return { ...look, read };
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    const problem = `${title}: a message is due, but the whole history has to be read again first: ${error.message}`;
    return { problem: cleanWords(problem, app.settings.secrets), unread: true };
  }
}

function tellProgress(
  { host: { progress } }: Pick<App, 'host'>,
  { title }: Signal,
  { fingerprint }: Evaluation,
  record: SignalRecord | undefined,
  { waiting }: Decision,
): void {
  if (record !== undefined && record.fingerprint !== fingerprint) {
    progress(`${title}: the rule has changed, so this run sets a new baseline and sends nothing`);
  }
  for (const session of waiting) {
    progress(
      `${title}: readings of the record close of ${date(session)} do not agree yet; the alert follows once they do`,
    );
  }
}
