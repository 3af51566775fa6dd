import type { App } from '../../app/app.ts';
import type { Skipped } from '../../app/lease.ts';
import type { Report } from '../../check/report.ts';
import { DID_NOT_WORK, DONE, note, print, printJson } from '../output.ts';

interface Form {
  readonly json?: true;
}

/**
 * Prints a report as lines or as one document, without what only machines of ours ask. Gives the exit code.
 * @param happened said in the place of what a check found
 */
export async function tellReport(
  app: Pick<App, 'settings' | 'source' | 'now'>,
  report: Report,
  { json }: Form,
  happened?: readonly string[],
): Promise<number> {
  const { problems, unread: _, ...rest } = report;
  if (json) {
    printJson(rest);
    problems.forEach(note);
  } else {
    const { reportLines } = await import('../../console/report.ts');
    const { labelsById } = await import('../../app/labels.ts');
    reportLines(report, labelsById(app), happened).forEach(print);
  }
  return problems.length === 0 ? DONE : DID_NOT_WORK;
}

/** Says that another process is at work: no fault. */
export function tellSkipped(skipped: Skipped, { json }: Form = {}): number {
  if (json) printJson(skipped);
  else print(`Skipped: ${skipped.skipped}.`);
  return DONE;
}
