import type { App } from '../app/app.ts';
import { forgottenChannels, forgottenLines } from './forgotten-channels.ts';
import { holeOf, notWhole } from './hole.ts';
import { type Report, reportOf, type SignalReport } from './report.ts';
import { standingOf } from './standing.ts';
import { orProblem } from './verdict.ts';

/** The report of what is stored, without reading, deciding or sending anything. */
export async function status(app: App): Promise<Report> {
  const states: SignalReport[] = [];
  const problems: string[] = [];
  for (const signal of app.settings.signals) {
    const standing = await orProblem(app.settings, signal, () => standingOf(app, signal));
    if ('stands' in standing) states.push(standing.stands.state);
    else problems.push(standing.problem);
    const hole = holeOf(app, signal);
    if (hole !== undefined) problems.push(notWhole(signal, hole));
  }
  problems.push(...forgottenLines(await forgottenChannels(app)));
  return reportOf(app, states, problems);
}
