import type { App } from '../../app/app.ts';
import { status } from '../../check/status.ts';
import { noticeLines, noticesOf } from '../../health/notices.ts';
import { watchOf } from '../../health/watching.ts';
import { home } from '../app.ts';
import { print } from '../output.ts';
import { tellReport } from './report.ts';

/** Says where things stand, who watches, and what its machine should know of that. */
export async function runStatus(app: App, options: { readonly json?: true }): Promise<number> {
  const watch = { ...(await watchOf(app)), notices: noticeLines(await noticesOf(app, home())) };
  const code = await tellReport(app, { ...(await status(app)), ...watch }, options);
  if (!options.json) {
    const { noticesShown, watchLines } = await import('../../console/watching.ts');
    [...watchLines(watch), ...noticesShown(watch.notices)].forEach(print);
  }
  return code;
}
