import type { App } from '../app/app.ts';
import { type Skipped, withLease } from '../app/lease.ts';
import type { Signal } from '../signal/signal.ts';
import type { CheckOptions } from './check.ts';
import { cutAnswer } from './cut-answer.ts';
import { draftOf, isDraft, type Look } from './draft.ts';
import { forgottenChannels, forgottenLines } from './forgotten-channels.ts';
import { readSource } from './read-source.ts';
import { type Report, reportOf } from './report.ts';
import { firedBy, orProblem, problemsOf, statesOf, type Verdict } from './verdict.ts';

/** What a check would fire: stores closes, but asks no second source, decides nothing and sends nothing. */
export async function dryRun(byMachine: App, { offline, command }: CheckOptions): Promise<Report | Skipped> {
  return withLease(byMachine, command, async () => {
    const { app, read, problems } = await readSource(byMachine, { offline });
    const forgotten = await forgottenChannels(app);
    const verdicts: Verdict[] = [];
    for (const signal of app.settings.signals) {
      verdicts.push(
        await orProblem(app.settings, signal, () => draftedVerdict(app, signal, { read, offline, forgotten })),
      );
    }
    const lines = [...problems, ...forgottenLines(forgotten), ...problemsOf(verdicts)];
    const report = await reportOf(app, statesOf(verdicts), lines);
    return { ...report, wouldFire: firedBy(verdicts.flatMap(({ decision }) => decision ?? [])) };
  });
}

async function draftedVerdict(app: App, signal: Signal, look: Look): Promise<Verdict> {
  const draft = await draftOf(app, signal, look);
  if (!isDraft(draft)) return draft;
  return cutAnswer(app, signal, draft) ?? { ...draft.stands, decision: draft.decision };
}
