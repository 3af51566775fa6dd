import type { App } from '../app/app.ts';
import { NEW_YORK } from '../market/exchange.ts';
import { awaitedValue } from '../market/second-reading.ts';
import { date, points } from '../message/format.ts';
import type { Signal } from '../signal/signal.ts';
import type { Decision } from '../store/events.ts';
import { cutAnswer } from './cut-answer.ts';
import { canRead, type Draft, draftOf, isDraft, type Look, readAgain } from './draft.ts';
import { isOneCloseAway } from './one-close-away.ts';
import { reconcile } from './reconcile.ts';
import { testimoniesOf } from './testify.ts';
import { orProblem, type Verdict } from './verdict.ts';

/** Evaluates one signal and decides what to tell, once a second source was heard. Tells nobody and decides nothing in the ledger. */
export async function decideSignal(app: App, signal: Signal, look: Look): Promise<Verdict> {
  return orProblem(app.settings, signal, async () => {
    const first = await draftOf(app, signal, look);
    const draft = isDraft(first) ? await lookTwice(app, signal, look, first) : first;
    if (!isDraft(draft)) return draft;
    return cutAnswer(app, signal, draft) ?? (await withWitness(app, signal, look, draft));
  });
}

/** One wrong close of years ago would hide an event for ever: where it may, the whole history is read again, once a day. */
async function lookTwice(app: App, signal: Signal, look: Look, draft: Draft): Promise<Draft | Verdict> {
  const { evaluation, isWhole } = draft;
  if (isWhole || !canRead(app, look) || !isOneCloseAway(evaluation)) return draft;
  const today = (evaluation.closes.exchange ?? NEW_YORK).date(evaluation.now);
  if (!(await app.ledger.noteFact(`one close away ${signal.id}`, today))) return draft;
  const again = await readAgain(app, signal, look);
  return 'read' in again ? draftOf(app, signal, again) : draft;
}

async function withWitness(
  app: Pick<App, 'closes' | 'witness' | 'now'>,
  signal: Signal,
  look: Look,
  { stands, evaluation, record, decision }: Draft,
): Promise<Verdict> {
  const testimonies = await testimoniesOf(app, signal, decision, look);
  return {
    ...stands,
    decision: testimonies.size > 0 ? reconcile({ ...evaluation, testimonies }, record) : decision,
    ...waitingFor(app, signal, decision),
  };
}

/** The event that the readings do not agree on, with the values that are in doubt. */
function waitingFor(
  { closes, now }: Pick<App, 'closes' | 'now'>,
  { index }: Signal,
  { waiting }: Decision,
): Pick<Verdict, 'untold'> {
  const [session] = waiting;
  if (session === undefined) return {};
  const [awaited] = closes.held(index).flatMap((row) => {
    const value = awaitedValue(row, now());
    return value === undefined ? [] : [{ ...row, value }];
  });
  const doubt =
    awaited === undefined
      ? ''
      : `: for ${date(awaited.session)} it now gives ${points(awaited.value)}, and gave ${points(awaited.close ?? 0)} before`;
  return {
    untold: { session, why: `The source contradicts itself${doubt}; the message follows once two readings agree` },
  };
}
