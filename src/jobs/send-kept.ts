import type { App } from '../app/app.ts';
import { type Skipped, withLease } from '../app/lease.ts';
import { deliver } from '../delivery/deliver.ts';
import { isKept } from '../delivery/standing.ts';
import type { Delivery } from '../store/deliveries.ts';

/** Sends what was kept for channels while they were paused. */
export async function sendKept(app: App, channels: readonly string[]): Promise<{ deliveries: Delivery[] } | Skipped> {
  const { ledger } = app;
  const kept = (await ledger.unsent()).filter((delivery) => channels.includes(delivery.channel) && isKept(delivery));
  if (kept.length === 0) return { deliveries: [] };
  const ids = [...new Set(kept.map(({ message }) => message))];
  return withLease(app, 'resume', async (owner) => {
    const only = ({ message, channel }: Delivery) => ids.includes(message) && channels.includes(channel);
    await deliver(app, { owner, offline: false, only });
    const after = await ledger.deliveriesOf(ids);
    return { deliveries: after.filter(({ channel }) => channels.includes(channel)) };
  });
}
