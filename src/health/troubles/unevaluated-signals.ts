import type { App } from '../../app/app.ts';
import { holeOf } from '../../check/hole.ts';
import { commandLine } from '../../message/command-line.ts';
import { date } from '../../message/format.ts';
import type { Trouble } from '../../message/warning.ts';
import type { TroubleKind } from './kind.ts';
import { newestProblems } from './newest-problems.ts';
import { lackingSessions, newestOverdue } from './overdue.ts';

/** How the trouble of a signal begins that is not evaluated though its closes are there. */
const UNEVALUATED = 'evaluation-';

/** Signals that are not evaluated the next morning for another reason than their closes: whatever stops a check is told. */
export const unevaluatedSignals: TroubleKind = {
  owns: isUnevaluated,
  find: findUnevaluated,
  ending: async ({ ledger }, { name, since }) => {
    const record = await ledger.signal(signalIn(name));
    return record !== undefined && record.evaluatedSession > since ? 'It is evaluated again.' : undefined;
  },
};

/** The ids of the signals that are told to be unevaluated. */
export function unevaluatedIn(troubles: readonly Trouble[]): string[] {
  return troubles.filter(({ name }) => isUnevaluated(name)).map(({ name }) => signalIn(name));
}

function isUnevaluated(name: string): boolean {
  return name.startsWith(UNEVALUATED);
}

function signalIn(name: string): string {
  return name.slice(UNEVALUATED.length);
}

async function findUnevaluated(
  app: Pick<App, 'settings' | 'closes' | 'ledger' | 'source' | 'now'>,
): Promise<Trouble[]> {
  const { settings, ledger } = app;
  const troubles: Trouble[] = [];
  for (const signal of settings.signals) {
    const { id, title, index } = signal;
    const record = await ledger.signal(id);
    const overdue = newestOverdue(app, index);
    if (record === undefined || record.evaluatedSession >= overdue || holeOf(app, signal) !== undefined) continue;
    if (lackingSessions(app, index).includes(overdue)) continue;
    const problems = await newestProblems(app);
    const problem = (problems.find((line) => line.startsWith(`${title}:`)) ?? problems[0])?.replace(/\.$/, '');
    troubles.push({
      name: UNEVALUATED + id,
      since: record.evaluatedSession,
      title: `${title}: the session of ${date(overdue)} has not been evaluated`,
      text:
        `Its close is stored, but the newest evaluated session is ${date(record.evaluatedSession)}. An event since ` +
        `then is announced late. ${problem === undefined ? `${commandLine('check')} says why.` : `A check said: ${problem}.`}`,
      again: false,
      blocking: true,
      about: null,
    });
  }
  return troubles;
}
