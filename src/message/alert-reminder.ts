import { instant } from './format.ts';
import type { Message } from './message.ts';

const SUFFIX = '/reminder';

/** The id of the one reminder of an alert. */
export function alertReminderId(alert: string): string {
  return `${alert}${SUFFIX}`;
}

/** The alert that a reminder is of, by its id. */
export function remindedIn(reminder: string): string {
  return reminder.slice(0, -SUFFIX.length);
}

/**
 * Reminds of an alert that nobody has marked as seen.
 * @param sentAt when it first arrived where it could be marked, epoch milliseconds
 * @param corrected true where its figures are not true any more: they are not repeated
 */
export function alertReminderMessage(
  alert: Message,
  { sentAt, corrected }: { readonly sentAt: number; readonly corrected: boolean },
  createdAt: string,
): Message {
  const { id, signal, session, title, lead, notes } = alert;
  const unseen = `Nobody has marked this alert as seen since it was sent on ${instant(sentAt)}.`;
  return {
    id: alertReminderId(id),
    kind: 'reminder',
    signal,
    session,
    createdAt,
    title: `Reminder: ${title}`,
    lead: corrected ? `${unseen} Its figures were corrected since: read the correction too.` : `${lead} ${unseen}`,
    notes: corrected ? [] : notes,
    sections: [],
    figures: {},
    benchmarkTo: null,
    refersTo: id,
    footer: ['This is the only reminder. The button under an alert, on Discord or in the mail, marks it as seen.'],
  };
}
