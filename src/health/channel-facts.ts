import type { App } from '../app/app.ts';
import { runningDaemon } from '../app/lease.ts';
import { leftAlone } from '../delivery/left-alone.ts';
import { currentPauses, isPaused } from '../delivery/pause.ts';
import { isAwaited } from '../delivery/standing.ts';
import type { ChannelFacts } from '../message/digest-facts.ts';
import { GATEWAY, testPart } from '../store/parts.ts';

/** How each channel is. */
export async function channelFacts(app: Pick<App, 'ledger' | 'channels' | 'now'>): Promise<ChannelFacts[]> {
  const { channels, ledger, now } = app;
  const watched = (await runningDaemon(app)) !== undefined;
  const gateway = watched ? (await ledger.probes()).find(({ part }) => part === GATEWAY) : undefined;
  const pauses = await currentPauses(app);
  const alone = await leftAlone(app);
  const [probes, proven, unsent] = [await ledger.probes(), await ledger.proven(), await ledger.unsent()];
  return channels.map(({ id }) => {
    const pause = pauses.find(({ channel }) => channel === id);
    const probe = probes.find(({ part }) => part === testPart(id));
    const sent = proven.find(({ channel }) => channel === id);
    return {
      channel: id,
      paused: pause === undefined ? null : { until: pause.until },
      test: probe === undefined ? null : { at: probe.triedAt, failure: probe.failure },
      ...(id === 'discord-bot' && gateway !== undefined
        ? { gateway: { at: gateway.failingSince ?? gateway.triedAt, failure: gateway.failure } }
        : {}),
      ...(alone.has(id) ? { leftAlone: true as const } : {}),
      lastSent: sent === undefined ? null : { message: sent.message, at: sent.at },
      open: unsent.filter(
        (delivery) => delivery.channel === id && (isAwaited(delivery, now()) || isPaused(delivery.pause, now())),
      ).length,
    };
  });
}
