import type { Channel } from '../channel/channel.ts';
import type { Pause } from '../store/deliveries.ts';
import type { Ledger } from '../store/ledger.ts';

/** True while the channel keeps messages for later. */
export function isPaused(pause: Pause | null | undefined, now: number): boolean {
  return pause != null && (pause.until === null || Date.parse(pause.until) > now);
}

interface Pauses {
  readonly ledger: Pick<Ledger, 'pauses'>;
  readonly now: () => number;
}

/** The pauses that hold now. */
export async function currentPauses({ ledger, now }: Pauses): Promise<Pause[]> {
  return (await ledger.pauses()).filter((pause) => isPaused(pause, now()));
}

/** The channels that are paused now: they keep the messages of events for later, and take no others. */
async function pausedChannels(app: Pauses): Promise<ReadonlySet<string>> {
  return new Set((await currentPauses(app)).map(({ channel }) => channel));
}

/** The channels that are set up and not paused, in their order. */
export async function unpausedChannels(app: Pauses & { readonly channels: readonly Channel[] }): Promise<Channel[]> {
  const paused = await pausedChannels(app);
  return app.channels.filter(({ id }) => !paused.has(id));
}
