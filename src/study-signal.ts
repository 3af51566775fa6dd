import { signalCloses } from './evaluate.ts';
import { fillCloses } from './fill-closes.ts';
import type { Session } from './market/close.ts';
import { totalReturnSymbol } from './settings.ts';
import type { Signal } from './signal/signal.ts';
import { type FullStudy, fullStudy, SEED, type Series } from './study/full-study.ts';
import { type SensitivityRow, sensitivity } from './study/sensitivity.ts';
import type { World } from './world.ts';

/** The evidence of one signal. Closes that are not stored at all are read first. */
export async function studySignal(
  world: World,
  signal: Signal,
  { asOf, seed }: { readonly asOf?: Session | undefined; readonly seed?: number | undefined } = {},
): Promise<{ study: FullStudy | undefined; problems: readonly string[] }> {
  const problems = await fillCloses(world, signal);
  return { study: studyStored(world, signal, asOf, seed), problems };
}

/** The evidence from what is stored. */
export function studyStored(world: World, signal: Signal, asOf?: Session, seed = SEED): FullStudy | undefined {
  return fullStudy(signal, signalCloses(world, signal, asOf), totalReturnOf(world, signal, asOf), seed);
}

function totalReturnOf({ settings, closes }: World, { benchmark }: Signal, asOf?: Session): Series | undefined {
  const symbol = totalReturnSymbol(settings, benchmark);
  return symbol === undefined ? undefined : { symbol, closes: closes.believed(symbol, asOf) };
}

/** The evidence under other rules, from what is stored. */
export function sensitivityStored(world: World, signal: Signal, asOf?: Session): SensitivityRow[] {
  const { index } = signal;
  const highs = [...world.closes.highs(index)].filter(([session]) => asOf === undefined || session <= asOf);
  return sensitivity(signal, signalCloses(world, signal, asOf), new Map(highs));
}
