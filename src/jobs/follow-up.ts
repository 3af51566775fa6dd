import type { App } from '../app/app.ts';
import { labelsOf } from '../app/labels.ts';
import { signalCloses } from '../app/signal-closes.ts';
import { whereReadable } from '../app/where-readable.ts';
import { channelsOf } from '../channel/of-signal.ts';
import type { Session } from '../market/close.ts';
import { newYorkDate, newYorkInstant } from '../market/new-york.ts';
import { addMonths } from '../market/session.ts';
import { followUpId, followUpMessage } from '../message/follow-up.ts';
import type { Signal } from '../signal/signal.ts';
import type { Posting } from '../store/deliveries.ts';
import type { EventRecord } from '../store/events.ts';
import { aftermathOf } from '../study/aftermath.ts';

/** An event that people were told of and whose year, or longest horizon, is not over. */
export interface OpenFollowUp {
  readonly signal: Signal;
  readonly event: EventRecord;
  /** The next horizon that was not told, in calendar months. */
  readonly months: number;
  /** The day from which its outcome is known. */
  readonly due: Session;
}

/** The events that are followed up: told, standing, and with a horizon that was not told yet. */
export async function openFollowUps({ settings, ledger }: Pick<App, 'settings' | 'ledger'>): Promise<OpenFollowUp[]> {
  const open: OpenFollowUp[] = [];
  for (const signal of settings.signals) {
    const events = (await ledger.signal(signal.id))?.events ?? [];
    for (const event of events) {
      if (event.status !== 'alerted' || !event.reached || event.goneSince !== null) continue;
      const told = signal.horizons.filter((months) =>
        event.messages.some(({ id }) => id === followUpId(event.id, months)),
      );
      // Who was away for months is told the newest horizon only.
      const months = signal.horizons.toSorted((a, b) => a - b).find((horizon) => horizon > Math.max(0, ...told));
      if (months !== undefined) open.push({ signal, event, months, due: addMonths(event.session, months) });
    }
  }
  return open;
}

/** The follow-ups whose outcome is reached and that were not told. */
export async function followUpsDue(
  app: Pick<App, 'settings' | 'closes' | 'ledger' | 'source' | 'channels' | 'now'>,
): Promise<Posting[]> {
  const { ledger, channels, now } = app;
  const inUse = channels.map(({ id }) => id);
  const postings: Posting[] = [];
  for (const { signal, event, months, due } of await openFollowUps(app)) {
    if (due > newYorkDate(now())) continue;
    const closes = whereReadable(() => signalCloses(app, signal));
    if (closes === undefined) continue;
    if ((closes.benchmark.at(-1)?.session ?? '') < due) continue;
    const aftermath = aftermathOf(signal, closes, event.session);
    const [first] = event.messages;
    if (aftermath === undefined || aftermath.months < months || first === undefined) continue;
    const message = followUpMessage(labelsOf(app, signal), aftermath, first.id);
    // Where the alert went, whatever the signal names now; where none of these channels is left, where it would go.
    const reached = (await ledger.reached(event.id)).filter((id) => inUse.includes(id));
    const dueAt = newYorkInstant(addMonths(event.session, aftermath.months), '16:00');
    postings.push({
      message,
      event: event.id,
      channels: reached.length > 0 ? reached : channelsOf(signal, channels),
      dueAt: new Date(dueAt).toISOString(),
    });
  }
  return postings;
}
