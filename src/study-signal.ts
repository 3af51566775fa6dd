import { signalCloses } from './evaluate.ts';
import { fillCloses } from './fill-closes.ts';
import type { Session } from './market/close.ts';
import type { Signal } from './signal/signal.ts';
import { historyOf } from './study/occasion.ts';
import { type Study, study } from './study/study.ts';
import type { World } from './world.ts';

/** The evidence of one signal. */
export async function studySignal(
  world: World,
  signal: Signal,
  asOf?: Session,
): Promise<{ study: Study | undefined; problems: readonly string[] }> {
  const problems = await fillCloses(world, signal);
  const closes = signalCloses(world, signal, asOf);
  return { study: study(signal, historyOf(signal, closes), closes.benchmark), problems };
}
