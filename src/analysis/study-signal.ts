import type { App } from '../app/app.ts';
import { signalCloses } from '../app/signal-closes.ts';
import { totalReturnOf } from '../app/total-return.ts';
import { fillCloses } from '../ingest/backfill.ts';
import type { Session } from '../market/close.ts';
import type { Signal } from '../signal/signal.ts';
import { type FullStudy, fullStudy, SEED } from '../study/full-study.ts';
import { type SensitivityRow, sensitivity } from '../study/sensitivity.ts';

/** The evidence of one signal. Closes that are not stored at all are read first. */
export async function studySignal(
  app: App,
  signal: Signal,
  { asOf, seed }: { readonly asOf?: Session | undefined; readonly seed?: number | undefined } = {},
): Promise<{ study: FullStudy | undefined; problems: readonly string[] }> {
  const problems = await fillCloses(app, signal);
  return { study: studyStored(app, signal, asOf, seed), problems };
}

/** The evidence from what is stored. */
export function studyStored(
  app: Pick<App, 'settings' | 'closes'>,
  signal: Signal,
  asOf?: Session,
  seed = SEED,
): FullStudy | undefined {
  return fullStudy(signal, signalCloses(app, signal, asOf), totalReturnOf(app, signal.benchmark, asOf), seed);
}

/** The evidence under other rules, from what is stored. */
export function sensitivityStored(
  app: Pick<App, 'closes' | 'settings'>,
  signal: Signal,
  asOf?: Session,
): SensitivityRow[] {
  const { index } = signal;
  const highs = [...app.closes.highs(index)].filter(([session]) => asOf === undefined || session <= asOf);
  return sensitivity(signal, signalCloses(app, signal, asOf), new Map(highs));
}
