import type { App } from '../../app/app.ts';
import { status } from '../../check/status.ts';
import { watchOf } from '../../health/watching.ts';
import { print } from '../output.ts';
import { tellReport } from './report.ts';

/** Says where things stand, and who watches. */
export async function runStatus(app: App, options: { readonly json?: true }): Promise<number> {
  const watch = await watchOf(app);
  const code = await tellReport(app, { ...(await status(app)), ...watch }, options);
  if (!options.json) {
    const { watchLines } = await import('../../console/watching.ts');
    watchLines(watch).forEach(print);
  }
  return code;
}
