import { sensitivityStored, studySignal } from '../../analysis/study-signal.ts';
import type { App } from '../../app/app.ts';
import { heldLines } from '../../console/held.ts';
import { date } from '../../message/format.ts';
import { CallError } from '../../settings/call-error.ts';
import type { Signal } from '../../signal/signal.ts';
import type { FullStudy } from '../../study/full-study.ts';
import { NothingError } from '../errors.ts';
import { DID_NOT_WORK, DONE, note, print, printJson } from '../output.ts';
import { askedSignal, type SignalOptions } from './asked-signal.ts';
import { refuseFuture } from './past.ts';

export interface StudyOptions extends SignalOptions {
  readonly asOf?: string;
  readonly sensitivity?: true;
  readonly elsewhere?: true;
  readonly seed?: number;
  readonly json?: true;
}

/**
 * Prints what followed earlier events; with `sensitivity` how that depends on the rule, with `elsewhere` what the rule says on
 * other indices.
 * @throws {CallError} where it asks for a day to come, or for both
 * @throws {NothingError} where no close is stored
 */
export async function runStudy(app: App, options: StudyOptions): Promise<number> {
  const { asOf } = options;
  refuseFuture(app, { '--as-of': asOf });
  if (options.sensitivity && options.elsewhere) throw new CallError('--sensitivity and --elsewhere are two calls');
  const signal = await askedSignal(app, options);
  const { study, problems } = await studySignal(app, signal, options);
  problems.forEach(note);
  heldLines(app.closes, signal).forEach(note);
  if (study === undefined) {
    throw new NothingError(`There are no closes of ${signal.index} to study${asOf ? ` up to ${date(asOf)}` : ''}.`);
  }
  if (options.elsewhere) return printElsewhere(app, signal, study, options);
  const rows = options.sensitivity ? sensitivityStored(app, signal, asOf) : undefined;
  if (options.json) printJson({ ...study, ...(rows && { sensitivity: rows }) });
  else {
    const { sensitivityLines } = await import('../../console/sensitivity.ts');
    const { studyLines } = await import('../../console/study.ts');
    const { labelsOf } = await import('../../app/labels.ts');
    const labels = labelsOf(app, signal);
    (rows === undefined ? studyLines(study, labels) : sensitivityLines(study, rows, labels)).forEach(print);
  }
  return problems.length === 0 ? DONE : DID_NOT_WORK;
}

/** What cannot be read of other indices is told; it did not work where there is none at all. */
async function printElsewhere(
  app: App,
  signal: Signal,
  study: FullStudy,
  { asOf, json }: StudyOptions,
): Promise<number> {
  const { studyElsewhere } = await import('../../analysis/elsewhere.ts');
  const { elsewhere, problems } = await studyElsewhere(app, signal, asOf);
  problems.forEach(note);
  if (elsewhere === undefined) throw new NothingError(`There are no closes of ${signal.index} to study.`);
  if (json) printJson({ ...study, elsewhere });
  else {
    const { elsewhereLines } = await import('../../console/study-elsewhere.ts');
    const { labelsOf } = await import('../../app/labels.ts');
    elsewhereLines(study, elsewhere, labelsOf(app, signal)).forEach(print);
  }
  return elsewhere.others.length > 0 ? DONE : DID_NOT_WORK;
}
