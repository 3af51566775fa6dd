import type { App } from '../../app/app.ts';
import { pause, resume } from '../../jobs/pause.ts';
import { sendKept } from '../../jobs/send-kept.ts';
import { commandLine } from '../../message/command-line.ts';
import { date } from '../../message/format.ts';
import { CallError } from '../../settings/call-error.ts';
import { DID_NOT_WORK, DONE, print } from '../output.ts';
import { deliveryLines } from './deliveries.ts';

/**
 * Pauses a channel, until a day where one is given: as an argument or as an option.
 * @throws {CallError} where both are given and differ
 */
export async function runPause(
  app: Pick<App, 'ledger' | 'channels' | 'now'>,
  channel: string,
  day: string | undefined,
  option: string | undefined,
): Promise<number> {
  if (day !== undefined && option !== undefined && day !== option) {
    throw new CallError(`two end dates were given, '${day}' and --until '${option}'; give one`);
  }
  const until = option ?? day;
  for (const id of await pause(app, channel, until)) {
    const end = until === undefined ? `you resume it (${commandLine('resume')} ${id})` : date(until);
    print(`${id}: paused until ${end}; alerts are kept.`);
  }
  return DONE;
}

/** Ends the pause of a channel, or of all, and sends what was kept. */
export async function runResume(app: App, channel: string | undefined): Promise<number> {
  const resumed = await resume(app, channel);
  if (resumed.length === 0) print('No channel is paused.');
  for (const id of resumed) print(`${id}: resumed.`);
  const result = await sendKept(app, resumed);
  if ('skipped' in result) {
    print(`The next run sends what was kept: ${result.skipped}.`);
    return DONE;
  }
  deliveryLines(result.deliveries).forEach(print);
  return result.deliveries.every(({ state }) => state === 'sent') ? DONE : DID_NOT_WORK;
}
