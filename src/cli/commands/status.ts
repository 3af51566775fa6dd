import type { App } from '../../app/app.ts';
import { type LastAlert, lastAlertOf } from '../../check/last-alert.ts';
import { status } from '../../check/status.ts';
import { noticeLines, noticesOf } from '../../health/notices.ts';
import { watchOf } from '../../health/watching.ts';
import { home } from '../app.ts';
import { print } from '../output.ts';
import { tellReport } from './report.ts';

/** Says where things stand, who watches, and what its machine should know of that. */
export async function runStatus(app: App, options: { readonly json?: true }): Promise<number> {
  const watch = { ...(await watchOf(app)), notices: noticeLines(await noticesOf(app, home())) };
  const alert = await lastAlertOf(app);
  const report = { ...(await status(app)), ...watch, seen: alert?.seen ?? [] };
  if (options.json) return tellReport(app, report, options);
  const { noticesShown, watchLines } = await import('../../console/watching.ts');
  const code = await tellReport(app, report, options, [await alertLine(app, alert)]);
  [...watchLines(watch), ...noticesShown(watch.notices)].forEach(print);
  return code;
}

async function alertLine(app: App, alert: LastAlert | undefined): Promise<string> {
  const { lastAlertLine } = await import('../../console/last-alert.ts');
  const { labelsById } = await import('../../app/labels.ts');
  return lastAlertLine(alert, app.settings.signals.length > 1 ? labelsById(app) : undefined);
}
