import type { App } from '../app/app.ts';
import { beginReminders } from '../check/begin-reminders.ts';
import { channelsFor } from '../delivery/recipients.ts';
import { isToCome } from '../market/stamp.ts';
import { alertReminderId, alertReminderMessage, remindedIn } from '../message/alert-reminder.ts';
import type { Message } from '../message/message.ts';
import { isMarkedOn } from '../settings/reminder.ts';
import type { Delivery, Posting } from '../store/deliveries.ts';
import type { EventRecord } from '../store/events.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** An alert is no news any more so long after its reminder was due: a machine that was off for a week says nothing of it. */
const NO_NEWS = 3 * DAY;
/** An alert may arrive so long after it was decided. */
const ARRIVES_WITHIN = 7 * DAY;

type Asked = Pick<App, 'settings' | 'ledger' | 'channels' | 'now'>;

/**
 * The reminders of alerts that arrived where they can be marked, and that nobody has marked for as long as is set: one for
 * each alert, on every channel that it reached. Of an event that is in doubt, gone or retracted nobody is reminded; nor where
 * the ledger may have lost who has seen it.
 */
export async function remindersDue(app: Asked): Promise<Posting[]> {
  const { settings, ledger, now } = app;
  const since = await beginReminders(app);
  if (since === undefined) return [];
  const wait = (settings.remindAfterHours ?? 0) * HOUR;
  const from = [since, stamp(now() - wait - NO_NEWS - ARRIVES_WITHIN)].sort()[1] ?? since;
  const alerts = (await unremindedSince(app, from)).filter(({ createdAt }) => !isToCome(createdAt, now()));
  const ids = alerts.map(({ id }) => id);
  const deliveries = Map.groupBy(await ledger.deliveriesOf(ids), ({ message }) => message);
  const seen = new Set((await ledger.acknowledgements(ids)).map(({ message }) => message));
  const postings: Posting[] = [];
  for (const alert of alerts) {
    const own = await alone(app, deliveries.get(alert.id) ?? []);
    const sentAt = firstMarkable(app, own);
    if (seen.has(alert.id) || sentAt === undefined) continue;
    const due = sentAt + wait;
    if (now() < due || now() > due + NO_NEWS || own.some(({ inDoubt, restored }) => inDoubt || restored)) continue;
    const posting = await postingOf(app, alert, own, sentAt);
    if (posting !== undefined) postings.push({ ...posting, dueAt: stamp(due) });
  }
  return postings;
}

/** The deliveries in which a message stands by itself: where it was told with others, these are reminded of together. */
async function alone({ ledger }: Pick<App, 'ledger'>, deliveries: readonly Delivery[]): Promise<Delivery[]> {
  const own: Delivery[] = [];
  for (const delivery of deliveries) {
    const { message, channel } = delivery;
    if ((await ledger.toldAs(message, channel)) === message) own.push(delivery);
  }
  return own;
}

async function unremindedSince({ ledger }: Pick<App, 'ledger'>, from: string): Promise<Message[]> {
  const alerts = await ledger.messagesSince('alert', from);
  if (alerts.length === 0) return [];
  const reminders = new Set((await ledger.messagesSince('reminder', from)).map(({ id }) => id));
  return alerts.filter(({ id }) => !reminders.has(alertReminderId(id)));
}

/** When an alert first surely arrived where it can be marked, epoch milliseconds. */
function firstMarkable({ settings }: Pick<App, 'settings'>, deliveries: readonly Delivery[]): number | undefined {
  const [first] = deliveries
    .filter(({ channel, state }) => state === 'sent' && isMarkedOn(channel, settings))
    .map(({ changedAt }) => Date.parse(changedAt))
    .sort((a, b) => a - b);
  return first;
}

async function postingOf(
  app: Asked,
  alert: Message,
  deliveries: readonly Delivery[],
  sentAt: number,
): Promise<Posting | undefined> {
  const events = await eventsOf(app, alert);
  if (events.length > 0 && events.every(({ status, goneSince }) => status !== 'alerted' || goneSince !== null)) {
    return undefined;
  }
  const takers = await channelsFor(app);
  const channels = deliveries
    .filter(({ state, unknownAttempts }) => state === 'sent' || unknownAttempts > 0)
    .map(({ channel }) => channel)
    .filter((channel) => takers.includes(channel));
  if (channels.length === 0) return undefined;
  const isOther = ({ status, messages }: EventRecord) =>
    status !== 'alerted' || messages.some(({ kind }) => kind === 'correction');
  const corrected = events.some(isOther);
  const message = alertReminderMessage(alert, { sentAt, corrected }, stamp(app.now()));
  const [event] = alert.tells === undefined ? events : [];
  return { message, event: event?.id ?? null, channels };
}

/** The events that an alert tells of; none of a drill's. */
async function eventsOf({ ledger }: Pick<App, 'ledger'>, alert: Message): Promise<EventRecord[]> {
  const told = alert.tells ?? [alert.id];
  const messages = alert.tells === undefined ? [alert] : await Promise.all(told.map((id) => ledger.message(id)));
  const signals = new Set(messages.flatMap((message) => message?.signal ?? []));
  const events: EventRecord[] = [];
  for (const signal of signals) events.push(...((await ledger.signal(signal))?.events ?? []));
  return events.filter(({ messages: own }) => own.some(({ id }) => told.includes(id)));
}

/** Why a reminder that has not arrived is not sent any more, by its id; those that are still wanted are not there. */
export async function overtakenReminders(
  { ledger, now }: Pick<App, 'ledger' | 'now'>,
  unsent: readonly Delivery[],
): Promise<ReadonlyMap<string, string>> {
  const open = new Map(unsent.filter(({ kind }) => kind === 'reminder').map((one) => [one.message, one.decidedAt]));
  if (open.size === 0) return new Map();
  const seen = (await ledger.acknowledgements([...open.keys()].map(remindedIn))).map(({ message }) => message);
  return new Map(
    [...open].flatMap(([id, decidedAt]) => {
      if (seen.includes(remindedIn(id))) return [[id, 'the alert was marked as seen meanwhile']];
      return now() - Date.parse(decidedAt) > NO_NEWS ? [[id, 'the alert is no news any more']] : [];
    }),
  );
}

function stamp(time: number): string {
  return new Date(time).toISOString();
}
