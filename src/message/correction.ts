import type { EventStudy } from '../study/event-study.ts';
import { eventId, evidence, footer, type SignalLabels, whatHappened } from './alert.ts';
import { correctionLine } from './event-line.ts';
import { date } from './format.ts';
import type { Message } from './message.ts';

/** A figure that was printed and is another now. */
export interface ChangedFigure {
  readonly name: string;
  readonly printed: string;
  readonly now: string;
}

/** The heading over the figures that changed. */
export const WHAT_CHANGED = 'What changed';

/** What is printed where a figure is not known: nothing that could be wrong. */
const NOTHING_SAID = ['unknown', 'pending'];

/**
 * The figures that both messages print and that differ. A figure that was unknown when it was printed, or that only one
 * of them prints, does not count: nothing that was said is wrong.
 */
export function changedFigures(told: Message, now: Message): ChangedFigure[] {
  return Object.entries(told.figures).flatMap(([name, printed]) => {
    const value = now.figures[name];
    const same = value === undefined || value === printed || NOTHING_SAID.includes(printed);
    return same ? [] : [{ name, printed, now: value }];
  });
}

/**
 * The correction of an alert: what was printed and what is right, then the evidence as it is now.
 * @param told the message whose figures were printed last
 * @param alert the alert as it would be written now
 * @param returned true when the event had been retracted and stands after all
 */
export function correctionMessage(
  labels: SignalLabels,
  eventStudy: EventStudy,
  { told, alert, first, number, returned }: Correction,
): Message {
  const changes = changedFigures(told, alert);
  const day = date(eventStudy.event.session);
  return {
    ...alert,
    id: messageId(labels, eventStudy.event.session, 'correction', number),
    kind: 'correction',
    title: returned
      ? `Stands after all: ${labels.signal.title} record close of ${day}`
      : `Correction: ${labels.signal.title} record close of ${day}`,
    lead: returned
      ? `The record close of ${day}, retracted earlier, stands after all.${changes.length === 0 ? '' : ` ${howMany(changes)} changed.`}`
      : `The event stands. ${howMany(changes)} changed: ${named(changes)}.`,
    sections: [
      ...(changes.length === 0
        ? []
        : [
            {
              heading: WHAT_CHANGED,
              paragraphs: [],
              table: {
                columns: [
                  { title: 'Figure', align: 'left', essential: true } as const,
                  { title: 'Printed', align: 'right', essential: true } as const,
                  { title: 'Now', align: 'right', essential: true } as const,
                ],
                rows: changes.map(({ name, printed, now }) => [name, printed, now]),
              },
            },
          ]),
      { heading: 'What happened', paragraphs: [whatHappened(labels, eventStudy)], table: null },
      ...evidence(labels, eventStudy, alert.witness),
    ],
    line: correctionLine(labels, eventStudy, changes, returned),
    refersTo: first,
    footer: footer(labels, eventStudy),
  };
}

/** How many changes are named in the lead. */
const NAMED = 2;

function howMany({ length }: readonly ChangedFigure[]): string {
  return length === 1 ? 'One figure of the earlier message has' : `${length} figures of the earlier message have`;
}

function named(changes: readonly ChangedFigure[]): string {
  const shown = changes.slice(0, NAMED).map(({ name, printed, now }) => `${name}, from ${printed} to ${now}`);
  const more = changes.length - shown.length;
  return `${shown.join('; ')}${more > 0 ? `; and ${more} more` : ''}`;
}

export interface Correction {
  readonly told: Message;
  readonly alert: Message;
  /** Id of the first message about the event. */
  readonly first: string;
  /** 1 for the first correction of the event. */
  readonly number: number;
  readonly returned: boolean;
}

/** `<signal>/<session>/<kind>`, from the second of its kind on with `-n`. */
export function messageId({ signal }: SignalLabels, session: string, kind: string, number: number): string {
  return `${eventId(signal.id, session)}/${kind}${number > 1 ? `-${number}` : ''}`;
}
