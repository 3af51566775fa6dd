import { setTimeout } from 'node:timers/promises';
import { Bell } from './bell.ts';
import { between, type Chance, oneOf } from './chance.ts';
import { judge, type Verdict } from './judge.ts';
import type { Scene } from './scenes.ts';
import type { Stage } from './stage.ts';

const MINUTE_MS = 60_000;
/** Minutes after a disturbance at which somebody looks again, until everybody has everything: what may have arrived waits 1, 6 and 24 hours. */
const LOOKS = [65, 6 * 60 + 10, 25 * 60, 50 * 60, 75 * 60];
/** And then once more, when every repeat would be due. */
const LAST_LOOK = 26 * 60;

/** When something is done to a process: so many real milliseconds after a step, or after its start or round began. */
export interface Moment {
  /** As the services see it, numbered; undefined: after the beginning. */
  readonly step: string | undefined;
  readonly delay: number;
}

/** A moment of a scene: at a step, right after one, or at any time of a run. */
export function anyMoment(chance: Chance, { steps, duration }: Pick<Scene, 'steps' | 'duration'>): Moment {
  const kind = chance();
  if (kind < 0.4) return { step: oneOf(chance, steps), delay: 0 };
  if (kind < 0.8) return { step: oneOf(chance, steps), delay: between(chance, 1, 25) };
  return { step: undefined, delay: between(chance, 1, Math.round(duration)) };
}

/** Does something to a process at a moment. Whether it still ran then is for the caller to see. */
export function doAt(stage: Stage, { step, delay }: Moment, act: () => void): void {
  const strike = async () => {
    // In the same turn of the event loop where there is nothing to wait for.
    if (delay > 0) await setTimeout(delay);
    act();
  };
  if (step === undefined) void strike();
  else
    stage.watch((seen) => {
      if (seen === step) void strike();
    });
}

/** Runs a check to its end. */
export async function runCheck(stage: Stage): Promise<void> {
  const bell = Bell.check(stage);
  await bell.ending();
}

/** Everybody has everything that is due. */
function isComplete(stage: Stage, { truth }: Scene): boolean {
  return judge(stage.arrivals(), truth).lost.length === 0;
}

/**
 * Looks again and again, as hourly runs or a daemon would, until everybody has everything, and a day later once more.
 * @param daemon the one that runs; undefined: by checks
 * @param from when nobody disturbs any more, epoch milliseconds
 */
export async function toTheEnd(stage: Stage, scene: Scene, from: number, daemon: Bell | undefined): Promise<void> {
  stage.unwatch();
  const lookAt = async (minutes: number) => {
    const instant = from + minutes * MINUTE_MS;
    if (daemon === undefined) {
      stage.clock.set(instant);
      await runCheck(stage);
    } else if (!(await daemon.goOnTo(instant))) throw new Error(`the daemon ended by itself: ${daemon.said}`);
  };
  let last = 0;
  for (const minutes of LOOKS) {
    if (isComplete(stage, scene)) break;
    last = minutes;
    await lookAt(minutes);
  }
  await lookAt(Math.max(last + 60, LAST_LOOK));
}

/** Ends what is left of a trial. */
export async function endAll(bells: readonly Bell[]): Promise<void> {
  for (const bell of bells) {
    bell.kill('SIGKILL');
    bell.kill('SIGCONT');
  }
  await Promise.all(bells.map((bell) => bell.exit));
}

/** What came of one trial. */
export interface Outcome extends Verdict {
  /** The seed that plays it again. */
  readonly seed: number;
  /** What was played, for the table. */
  readonly play: string;
  /** What was done, for a person. */
  readonly story: readonly string[];
  /** How many times it was done. */
  readonly times: number;
}

export function outcomeOf(stage: Stage, scene: Scene, what: Omit<Outcome, keyof Verdict>): Outcome {
  return { ...what, ...judge(stage.arrivals(), scene.truth) };
}

/** A trial that could not be played to its end is wrong too, and stops no other. */
export function failed(stage: Stage, scene: Scene, what: Omit<Outcome, keyof Verdict>, error: unknown): Outcome {
  const outcome = outcomeOf(stage, scene, what);
  return { ...outcome, false: [...outcome.false, `the trial ended: ${(error as Error).message}`] };
}

/** Leaves the evening of a scene out of what the source says: a daemon that starts before it has nothing to tell. */
export function withholdEvening(stage: Stage, { snapshot, instant }: Scene): void {
  const evening = new Date(instant).toISOString().slice(0, 10);
  const before = Object.entries(snapshot.closes).map(
    ([symbol, all]) => [symbol, all.filter(({ session }) => session < evening)] as const,
  );
  stage.serve(Object.fromEntries(before));
}
