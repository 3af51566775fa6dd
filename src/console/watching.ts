import type { Watching } from '../health/watching.ts';
import { commandLine } from '../message/command-line.ts';
import { instant } from '../message/format.ts';

/** Who watches, as people read it. */
export function watchLines({ daemon, standbys, lastRun, nextRun, troubles }: Watching): string[] {
  return [
    ...(daemon === null
      ? [`Daemon      not running, so nothing is monitored; to start it: ${commandLine('daemon')}`]
      : [
          `Daemon      running since ${at(daemon.startedAt)} (process ${daemon.pid} on ${daemon.host})`,
          `Next check  ${at(nextRun)}`,
        ]),
    ...standbys.map(
      ({ pid, host, seenAt, differs }) =>
        `Standby     process ${pid} on ${host}, last seen ${at(seenAt)}${
          differs === undefined ? '' : `; it will not take over, as its settings differ (${differs})`
        }`,
    ),
    ...(lastRun === null ? [] : [`Last run    ${at(lastRun.startedAt)}: ${lastRun.command}`]),
    ...troubles.map((title) => `Trouble     ${title}`),
  ];
}

function at(instantText: string): string {
  return instant(Date.parse(instantText));
}

/** What to know about the daemon on this machine, as people read it. */
export function noticesShown(notices: readonly string[]): string[] {
  return notices.map((notice) => `Note        ${notice}`);
}
