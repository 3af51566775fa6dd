import { deliver } from './channel/deliver.ts';
import { signalCloses, tellingOf } from './evaluate.ts';
import { type Skipped, withLease } from './lease.ts';
import { drillMessage } from './message/drill.ts';
import { detect } from './signal/first-record.ts';
import type { Delivery } from './store/ledger.ts';
import { historyOf, occasionAt } from './study/occasion.ts';
import type { World } from './world.ts';

/**
 * Sends a labelled test message down the path of a real alert: message, ledger, deliveries, every channel. What does
 * not arrive now is not tried again: a drill of last week proves nothing.
 */
export async function drill(world: World): Promise<{ deliveries: Delivery[] } | Skipped> {
  const { settings, ledger, channels, now } = world;
  const [signal] = settings.signals;
  if (signal === undefined) throw new TypeError('no signal is set up');
  return withLease(world, 'drill', async (holder) => {
    const closes = signalCloses(world, signal);
    const last = detect(historyOf(signal, closes), signal.quietYears).events.at(-1);
    const example = last && occasionAt(signal, closes, last.session);
    const message = drillMessage(tellingOf(world, signal), example);
    await ledger.post({ message, event: null, channels: channels.map(({ id }) => id) });
    await deliver({ ...world, holder, offline: false, only: [message.id] });
    for (const delivery of await ledger.deliveriesOf([message.id])) {
      if (delivery.state !== 'pending') continue;
      const settlement = { state: 'failed', reason: delivery.reason, notBefore: null, receipt: null } as const;
      await ledger.settle(delivery, holder, settlement, new Date(now()).toISOString());
    }
    return { deliveries: await ledger.deliveriesOf([message.id]) };
  });
}
