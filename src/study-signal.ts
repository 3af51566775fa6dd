import { signalCloses } from './evaluate.ts';
import { withLease } from './lease.ts';
import type { Session } from './market/close.ts';
import { readClosesOfAll } from './read-closes.ts';
import type { Signal } from './signal/signal.ts';
import { historyOf } from './study/occasion.ts';
import { type Study, study } from './study/study.ts';
import type { World } from './world.ts';

/**
 * The evidence of one signal. Closes that are not stored at all are read first, so that the question can be asked of an
 * empty database.
 */
export async function studySignal(
  world: World,
  signal: Signal,
  asOf?: Session,
): Promise<{ study: Study | undefined; problems: readonly string[] }> {
  const empty = [signal.index, signal.benchmark].some((symbol) => world.closes.believed(symbol).length === 0);
  const problems = empty ? await fillStore(world) : [];
  const closes = signalCloses(world, signal, asOf);
  return { study: study(signal, historyOf(signal, closes), closes.benchmark), problems };
}

async function fillStore(world: World): Promise<readonly string[]> {
  const reading = await withLease(world, 'study', () => readClosesOfAll(world, false));
  return 'skipped' in reading ? [reading.skipped] : reading.problems;
}
