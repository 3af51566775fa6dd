import type { App } from '../app/app.ts';
import { eventId } from '../message/alert.ts';
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
  if (event === undefined) return undefined;
  const { session, previousRecord } = event;
  const what = `the answer of all that the source has begins on ${begins}, after the record of ${previousRecord.session} that it passes`;
  return {
    ...draft.stands,
    problem: `${title}: there is something to tell of ${session}, but ${what}; the next run asks again`,
    unread: true,
    untold: { session, why: `That was not done, as ${what}` },
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
