import type { App } from '../app/app.ts';
import { labelsOf } from '../app/labels.ts';
import { type Skipped, withLease } from '../app/lease.ts';
import { signalCloses } from '../app/signal-closes.ts';
import { deliver } from '../delivery/deliver.ts';
import { unpausedChannels } from '../delivery/pause.ts';
import { channelsFor } from '../delivery/recipients.ts';
import { newYorkDate, newYorkInstant, nextSession } from '../market/new-york.ts';
import { addDays } from '../market/session.ts';
import { drillMessage } from '../message/drill.ts';
import { detect } from '../signal/first-record.ts';
import type { Delivery } from '../store/deliveries.ts';
import { drillPart } from '../store/parts.ts';
import { eventStudyAt } from '../study/event-study.ts';
import { historyOf } from '../study/signal-closes.ts';

/**
 * Sends a labelled test message down the path of a real alert: message, ledger, deliveries, every channel that is not
 * paused. What does not arrive now is not tried again: a drill of last week proves nothing.
 * @param command what the ledger calls it
 */
export async function drill(app: App, command = 'drill'): Promise<{ deliveries: Delivery[] } | Skipped> {
  // Who asks for a drill wants to know of every address, also of one that is left alone.
  const takers = (await unpausedChannels(app)).map(({ id }) => id);
  return drillTo(app, takers, command);
}

/** What became of a drill on a channel, as the beginning of a sentence. */
export function whatBecameOf(state: Delivery['state']): string {
  if (state === 'sent') return 'the drill was sent';
  return state === 'unknown' ? 'the drill may not have arrived' : 'the drill did not arrive';
}

/** The drill of the daemon's own accord: addresses that have been refused for days are left alone. */
export async function dueDrill(app: App): Promise<{ deliveries: Delivery[] } | Skipped> {
  return drillTo(app, await channelsFor(app), 'drill');
}

async function drillTo(
  app: App,
  takers: readonly string[],
  command: string,
): Promise<{ deliveries: Delivery[] } | Skipped> {
  const { settings, ledger, now } = app;
  const [signal] = settings.signals;
  if (signal === undefined) throw new TypeError('no signal is set up');
  if (takers.length === 0) return { deliveries: [] };
  return withLease(app, command, async (owner, confirm) => {
    const closes = signalCloses(app, signal);
    const last = detect(historyOf(signal, closes), signal.quietYears).events.at(-1);
    const example = last && eventStudyAt(signal, closes, last.session);
    const message = drillMessage(labelsOf(app, signal), example);
    // Whoever sets a channel up begins with a drill: it shows what an alert will look like.
    await Promise.all(app.channels.map(({ id, dress }) => (takers.includes(id) ? dress?.() : undefined)));
    await ledger.post({ message, event: null, channels: takers });
    await deliver(app, { owner, offline: false, only: (delivery) => delivery.message === message.id });
    // Slept in the middle of it: what became of its messages says nothing of the channels.
    await confirm();
    for (const delivery of await ledger.deliveriesOf([message.id])) {
      if (delivery.state !== 'pending') continue;
      const update = { state: 'failed', reason: delivery.reason, notBefore: null, receipt: null } as const;
      await ledger.note(delivery, owner, update, new Date(now()).toISOString());
    }
    const deliveries = await ledger.deliveriesOf([message.id]);
    // What was not tried, as the process is to stop, proves nothing either way.
    for (const { channel, state, reason } of deliveries.filter(({ attempts }) => attempts > 0)) {
      const failure = state === 'sent' ? null : `${whatBecameOf(state)} on ${channel}: ${reason ?? 'no reason given'}`;
      await ledger.probe(drillPart(channel), failure, new Date(now()).toISOString());
    }
    return { deliveries };
  });
}

/** True from noon of the first session of a quarter on, until a drill has been sent in it. */
export async function isDrillDue(app: Pick<App, 'settings' | 'ledger' | 'channels' | 'now'>): Promise<boolean> {
  const { settings, ledger, now } = app;
  if (settings.schedule.drill === 'never' || (await channelsFor(app)).length === 0) return false;
  const today = newYorkDate(now());
  const quarter = `${today.slice(0, 5)}${['01', '04', '07', '10'][Math.floor((Number(today.slice(5, 7)) - 1) / 3)]}-01`;
  const begins = newYorkInstant(nextSession(addDays(quarter, -1)), '12:00');
  const since = await ledger.watchingSince();
  if (now() < begins || since === undefined || Date.parse(since) >= begins) return false;
  const last = await ledger.lastTried('drill', new Date(now()).toISOString());
  return last === undefined || Date.parse(last) < newYorkInstant(quarter, '00:00');
}
