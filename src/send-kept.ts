import { deliver } from './channel/deliver.ts';
import { isOfAnEvent } from './channel/policy.ts';
import { type Skipped, withLease } from './lease.ts';
import type { Delivery } from './store/ledger.ts';
import type { World } from './world.ts';

/** Sends what was kept for channels while they were paused. */
export async function sendKept(
  world: World,
  channels: readonly string[],
): Promise<{ deliveries: Delivery[] } | Skipped> {
  const { ledger } = world;
  const kept = (await ledger.unsent()).filter(
    (delivery) => channels.includes(delivery.channel) && isOfAnEvent(delivery) && delivery.state !== 'failed',
  );
  if (kept.length === 0) return { deliveries: [] };
  const ids = [...new Set(kept.map(({ message }) => message))];
  return withLease(world, 'resume', async (holder) => {
    const only = ({ message, channel }: Delivery) => ids.includes(message) && channels.includes(channel);
    await deliver({ ...world, holder, offline: false, only });
    const after = await ledger.deliveriesOf(ids);
    return { deliveries: after.filter(({ channel }) => channels.includes(channel)) };
  });
}
