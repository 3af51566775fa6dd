import type { App } from '../app/app.ts';
import { eventId } from '../message/alert.ts';
import { date } from '../message/format.ts';
import type { Signal } from '../signal/signal.ts';
import type { Draft } from './draft.ts';
import type { Verdict } from './verdict.ts';

/**
 * Where an answer of all that the source has begins after the record that an event in it passes: both should stand in one
 * answer, so the event is put off. A file may begin where it likes.
 */
export function cutAnswer(
  { source }: Pick<App, 'source'>,
  { title }: Pick<Signal, 'title'>,
  draft: Draft,
): Verdict | undefined {
  if (source.name !== 'yahoo' || !draft.isWhole) return undefined;
  const [begins] = draft.evaluation.readSessions ?? [];
  const event = begins === undefined ? undefined : eventPassing(draft, begins);
  if (begins === undefined || event === undefined) return undefined;
  const { session, previousRecord } = event;
  const what = `the full history of the source begins on ${date(begins)}, after the record of ${date(previousRecord.session)} that the event passes`;
  return {
    ...draft.stands,
    problem: `${title}: a message about ${date(session)} is due, but ${what}; the next run asks again`,
    unread: true,
    untold: { session, why: `It was not sent, because ${what}` },
  };
}

/** The first event to tell whose record is stored, and lies before the beginning of the answer. */
function eventPassing({ evaluation: { detection, closes }, decision }: Draft, begins: string) {
  const first = closes.index[0]?.session;
  const told = new Set(decision.messages.flatMap(({ event }) => event ?? []));
  return detection.events.find(
    ({ session, previousRecord }) =>
      first !== undefined &&
      told.has(eventId(decision.signal, session)) &&
      previousRecord.session >= first &&
      previousRecord.session < begins,
  );
}
