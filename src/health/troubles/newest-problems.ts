import type { App } from '../../app/app.ts';

/** How many of the newest runs may say why nothing is evaluated. */
const RUNS_ASKED = 5;

/** What the newest runs have said, the newest first. */
export async function newestProblems({ ledger }: Pick<App, 'ledger'>): Promise<string[]> {
  return (await ledger.newestRuns(RUNS_ASKED)).flatMap(({ problems }) => problems);
}
