import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { replay } from '../../analysis/replay.ts';
import type { App } from '../../app/app.ts';
import { heldLines } from '../../console/held.ts';
import { replayedMessageLines, replayLines } from '../../console/replay.ts';
import { fillCloses } from '../../ingest/backfill.ts';
import { date } from '../../message/format.ts';
import type { Message } from '../../message/message.ts';
import { CallError } from '../../settings/call-error.ts';
import { NothingError } from '../errors.ts';
import { DID_NOT_WORK, DONE, note, print, printJson } from '../output.ts';
import { askedSignal, type SignalOptions } from './asked-signal.ts';
import { refuseFuture } from './past.ts';

export interface ReplayOptions extends SignalOptions {
  readonly from?: string;
  readonly to?: string;
  readonly json?: true;
}

/**
 * Runs a stretch of evenings again; what would have been sent stays in a folder, to look at.
 * @throws {CallError} where the stretch ends before it begins, or begins or ends on a day to come
 * @throws {NothingError} where it holds no close
 */
export async function runReplay(app: App, options: ReplayOptions): Promise<number> {
  const { from, to, json } = options;
  refuseFuture(app, { '--from': from, '--to': to });
  if (from !== undefined && to !== undefined && from > to) {
    throw new CallError(`--from is '${from}'; allowed: a date up to --to, ${to}`);
  }
  const signal = await askedSignal(app, options);
  const problems = await fillCloses(app, signal);
  problems.forEach(note);
  heldLines(app.closes, signal).forEach(note);
  const folder = mkdtempSync(join(tmpdir(), 'breakout-bell-replay-'));
  const show = json ? undefined : (message: Message) => replayedMessageLines(message).forEach(print);
  const result = await replay(app, signal, { from, to, folder, ...(show && { show }) });
  if (result === undefined) {
    rmSync(folder, { recursive: true });
    const between = `${from === undefined ? '' : ` from ${date(from)}`}${to === undefined ? '' : ` to ${date(to)}`}`;
    throw new NothingError(`There are no closes of ${signal.index} to replay${between}.`);
  }
  const empty = result.messages.length === 0;
  if (empty) rmSync(folder, { recursive: true });
  if (json) printJson({ ...result, folder: empty ? null : folder });
  else replayLines(result, folder).forEach(print);
  return problems.length + result.differences.length === 0 ? DONE : DID_NOT_WORK;
}
