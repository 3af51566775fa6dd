import type { Watching } from '../health/watching.ts';
import { commandLine } from '../message/command-line.ts';
import { instant } from '../message/format.ts';

/** Who watches, as people read it. */
export function watchLines({ daemon, standbys, lastRun, nextRun, troubles }: Watching): string[] {
  return [
    daemon === null
      ? `Daemon      not running: ${commandLine('daemon')}, or ${commandLine('start')} in the foreground`
      : `Daemon      running since ${instant(Date.parse(daemon.startedAt))} (process ${daemon.pid} on ${daemon.host}); next look ${instant(Date.parse(nextRun))}`,
    ...standbys.map(
      ({ pid, host, seenAt, differs }) =>
        `Standby     process ${pid} on ${host}, seen ${instant(Date.parse(seenAt))}${
          differs === undefined ? '' : `; does not take over, as its settings differ (${differs})`
        }`,
    ),
    ...(lastRun === null ? [] : [`Last run    ${lastRun.command}, ${instant(Date.parse(lastRun.startedAt))}`]),
    ...troubles.map((title) => `Trouble     ${title}`),
  ];
}

/** What should be known of the daemon of this machine, as people read it. */
export function noticesShown(notices: readonly string[]): string[] {
  return notices.map((notice) => `Note        ${notice}`);
}
