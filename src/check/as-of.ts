import type { App } from '../app/app.ts';
import { type Skipped, withLease } from '../app/lease.ts';
import type { Session } from '../market/close.ts';
import { readSource } from './read-source.ts';
import { type Report, reportOf } from './report.ts';
import { standingOf } from './standing.ts';
import { orProblem, problemsOf, statesOf, type Verdict } from './verdict.ts';

/**
 * What the newest session up to `asOf` would have fired, cut by session on current values, and only the gaps that lie before
 * it. A service is not asked.
 */
export async function checkAsOf(byMachine: App, asOf: Session, command: string): Promise<Report | Skipped> {
  return withLease(byMachine, command, async () => {
    const { app, read, problems } = await readSource(byMachine, { offline: true });
    const verdicts: Verdict[] = [];
    for (const signal of app.settings.signals) {
      const standing = await orProblem(app.settings, signal, () => standingOf(app, signal, read.readSessions, asOf));
      verdicts.push('stands' in standing ? standing.stands : standing);
    }
    const report = await reportOf(app, statesOf(verdicts), [...problems, ...problemsOf(verdicts)]);
    const before = ({ session }: { session: Session }) => session <= asOf;
    return {
      ...report,
      wouldFire: verdicts.flatMap(({ newest }) => newest ?? []),
      held: report.held.filter(before),
      missing: report.missing.filter(before),
    };
  });
}
