import type { Channel } from '../channel/channel.ts';
import type { Ledger, Pause } from '../store/ledger.ts';
import { isPaused } from './policy.ts';

interface Pausing {
  readonly ledger: Pick<Ledger, 'pauses'>;
  readonly now: () => number;
}

/** The pauses that hold now. */
export async function pausesNow({ ledger, now }: Pausing): Promise<Pause[]> {
  return (await ledger.pauses()).filter((pause) => isPaused(pause, now()));
}

/** The channels that are set up and not paused, in their order. */
export async function unpausedChannels(
  pausing: Pausing & { readonly channels: readonly Channel[] },
): Promise<Channel[]> {
  const paused = (await pausesNow(pausing)).map(({ channel }) => channel);
  return pausing.channels.filter(({ id }) => !paused.includes(id));
}
