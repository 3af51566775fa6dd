import type { App } from '../../app/app.ts';
import { check } from '../../check/check.ts';
import { tellReport, tellSkipped } from './report.ts';

export interface CheckOptions {
  readonly dryRun?: true;
  readonly offline?: true;
  readonly asOf?: string;
  readonly json?: true;
}

/** Reads closes, looks for an event and tells people; as of an earlier session it only says what it would do. */
export async function runCheck(app: App, options: CheckOptions): Promise<number> {
  const { asOf } = options;
  const report = await check(app, {
    dryRun: options.dryRun === true || asOf !== undefined,
    offline: options.offline === true || asOf !== undefined,
    command: 'check',
    ...(asOf === undefined ? {} : { asOf }),
  });
  return 'skipped' in report ? tellSkipped(report, options) : tellReport(app, report, options);
}
