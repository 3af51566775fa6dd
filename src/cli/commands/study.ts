import { sensitivityStored, studySignal } from '../../analysis/study-signal.ts';
import type { App } from '../../app/app.ts';
import { heldLines } from '../../console/held.ts';
import { NothingError } from '../errors.ts';
import { DID_NOT_WORK, DONE, note, print, printJson } from '../output.ts';
import { askedSignal, type SignalOptions } from './asked-signal.ts';
import { refuseFuture } from './past.ts';

export interface StudyOptions extends SignalOptions {
  readonly asOf?: string;
  readonly sensitivity?: true;
  readonly seed?: number;
  readonly json?: true;
}

/**
 * Prints what followed earlier events, or with `sensitivity` how that hangs on the rule.
 * @throws {CallError} where it asks for a day to come
 * @throws {NothingError} where no close is stored
 */
export async function runStudy(app: App, options: StudyOptions): Promise<number> {
  const { asOf } = options;
  refuseFuture(app, { '--as-of': asOf });
  const signal = await askedSignal(app, options);
  const { study, problems } = await studySignal(app, signal, options);
  problems.forEach(note);
  heldLines(app.closes, signal).forEach(note);
  if (study === undefined) {
    throw new NothingError(`There are no closes of ${signal.index} to study${asOf ? ` up to ${asOf}` : ''}.`);
  }
  const rows = options.sensitivity ? sensitivityStored(app, signal, asOf) : undefined;
  if (options.json) printJson({ ...study, ...(rows && { sensitivity: rows }) });
  else {
    const { sensitivityLines } = await import('../../console/sensitivity.ts');
    const { studyLines } = await import('../../console/study.ts');
    const { labelsOf } = await import('../../app/labels.ts');
    const labels = labelsOf(app, signal);
    (rows === undefined ? studyLines(study, labels) : sensitivityLines(rows, labels)).forEach(print);
  }
  return problems.length === 0 ? DONE : DID_NOT_WORK;
}
