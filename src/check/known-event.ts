import type { Message } from '../message/message.ts';
import { doubtIn } from '../message/witnessed.ts';
import type { EventRecord, LedgerEvent, PendingChange, SignalRecord } from '../store/events.ts';
import type { Change } from './change.ts';
import { type Evaluation, isEvent } from './evaluation.ts';
import { GONE, nextOfChange, rivalsOf } from './pending-change.ts';
import { type Saying, sayingOf } from './saying.ts';
import { tellChange } from './tell-change.ts';

export function knownEvent(evaluation: Evaluation, known: EventRecord, record: SignalRecord): Change {
  const { id, session, status, messages, reached } = known;
  const { first, told } = statementsOf(messages);
  const found = isEvent(evaluation, session);
  const sameRule = record.fingerprint === evaluation.fingerprint;
  const become = (next: Partial<LedgerEvent>): LedgerEvent => ({
    ...{ id, session, status, goneSince: null, change: null },
    ...next,
  });
  const clear = known.goneSince === null && known.change === null ? {} : { event: become({}) };
  if (found) {
    if (status === 'history' || first === undefined || told === undefined) return clear;
    // A changed rule is a new baseline: what was told under the old one is history.
    if (!sameRule) return { event: become({ status: 'history' }) };
  } else {
    if (status !== 'retracted' && !reached) return { event: become({ status: 'cancelled' }), withdrawn: id };
    if (status === 'history' || (status !== 'retracted' && !sameRule))
      return { event: become({ status: 'cancelled' }) };
  }
  if (first === undefined || told === undefined || !sameRule) return {};
  const quiet = status === 'alerted' && found && evaluation.asRead === undefined && known.change === null;
  if (quiet && evaluation.unchanged?.(session)) return clear;
  const believed = sayingOf(evaluation, evaluation, known, told);
  const read = evaluation.asRead === undefined ? believed : sayingOf(evaluation, evaluation.asRead, known, told);
  if (believed === undefined || read === undefined) return {};
  if (!reached) return unseenEvent(evaluation, told, read, become, clear);

  const rivals = rivalsOf(known, record.events, evaluation.labels.signal.quietYears);
  const step = nextOfChange(known, rivals, read.to, evaluation.now, evaluation.newlyRestated);
  if (step.is === 'as told') return clear;
  if (step.is === 'waits' || believed.to !== read.to) return isSame(known.change, step.change) ? {} : pend(step.change);
  return tellChange(evaluation, known, record, believed, { first, told, become });

  function pend(change: PendingChange): Change {
    const gone = change.to === GONE && status === 'alerted';
    return { event: become({ change, goneSince: gone ? change.since : null }) };
  }
}

/** What nobody has seen is written anew at once; while the newest reading says that it is gone, it is not sent. */
function unseenEvent(
  { now }: Evaluation,
  told: Message,
  { to, alert }: Saying,
  become: (next: Partial<LedgerEvent>) => LedgerEvent,
  clear: Change,
): Change {
  const since = new Date(now).toISOString();
  if (to === GONE) return { event: become({ goneSince: since, change: { to, since } }) };
  if (to === null || alert === undefined) return clear;
  return {
    event: become({}),
    rewritten: { ...alert, notes: rewrittenNotes(told, alert), createdAt: told.createdAt },
  };
}

function isSame(a: PendingChange | null, b: PendingChange): boolean {
  return a !== null && a.to === b.to && a.since === b.since;
}

/** The notes as they were, but for the witness's: it may agree with the new close, or no longer. */
function rewrittenNotes(told: Message, alert: Message): string[] {
  const [before, now] = [doubtIn(told), doubtIn(alert)];
  return [...(now === undefined ? [] : [now]), ...told.notes.filter((note) => note !== before)];
}

/** What was said of the event itself: the first message, and the newest one that a correction is measured by. */
function statementsOf(messages: readonly Message[]) {
  const statements = messages.filter(({ kind }) => kind !== 'follow-up' && kind !== 'reminder');
  return { first: statements[0], told: statements.at(-1) };
}
