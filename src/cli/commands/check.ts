import type { App } from '../../app/app.ts';
import type { Skipped } from '../../app/lease.ts';
import type { Report } from '../../check/report.ts';
import { refuseFuture } from './past.ts';
import { tellReport, tellSkipped } from './report.ts';

export interface CheckOptions {
  readonly dryRun?: true;
  readonly offline?: true;
  readonly asOf?: string;
  readonly json?: true;
}

/**
 * Reads closes, looks for an event and tells people; as of an earlier session it only says what it would do.
 * @throws {CallError} where that session is yet to come
 */
export async function runCheck(app: App, options: CheckOptions): Promise<number> {
  refuseFuture(app, { '--as-of': options.asOf });
  const report = await reportAsAsked(app, options);
  return 'skipped' in report ? tellSkipped(report, options) : tellReport(app, report, options);
}

async function reportAsAsked(
  app: App,
  { asOf, dryRun: isDryRun, offline: isOffline }: CheckOptions,
): Promise<Report | Skipped> {
  const [offline, command] = [isOffline === true, 'check'];
  if (asOf !== undefined) {
    const { checkAsOf } = await import('../../check/as-of.ts');
    return checkAsOf(app, asOf, command);
  }
  if (isDryRun) {
    const { dryRun } = await import('../../check/dry-run.ts');
    return dryRun(app, { offline, command });
  }
  const { check } = await import('../../check/check.ts');
  return check(app, { offline, command });
}
