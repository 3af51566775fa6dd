import { readFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { Bell } from './bell.ts';
import { between, chanceOf, oneOf } from './chance.ts';
import type { Scene, SceneName } from './scenes.ts';
import type { Stage } from './stage.ts';
import { playUntil, type Theatre } from './theatre.ts';
import { anyMoment, doAt, endAll, failed, type Outcome, outcomeOf, runCheck, toTheEnd } from './trial.ts';

const SECOND_MS = 1000;
const MINUTE_MS = 60_000;

/** Who is stopped, with how many of all pauses. Another check takes over meanwhile. */
export const PAUSE_PLAYS = {
  'check: alert': { share: 40, scene: 'alert', who: 'check' },
  'check: correction': { share: 12, scene: 'correction', who: 'check' },
  'check: retraction': { share: 12, scene: 'retraction', who: 'check' },
  'daemon: alert in a round': { share: 24, scene: "alert in the daemon's round", who: 'daemon' },
  'daemon: follow-up': { share: 12, scene: 'follow-up', who: 'daemon' },
} as const satisfies Record<string, { share: number; scene: SceneName; who: 'check' | 'daemon' }>;

export type PausePlay = keyof typeof PAUSE_PLAYS;

/**
 * Stops processes, lets another one take over, and wakes them, so many times in all.
 * @param seed of the first trial; the others follow it
 */
export function pause(
  wanted: number,
  seed: number,
  atOnce: number,
  told: (outcome: Outcome) => void,
): Promise<Outcome[]> {
  const names = Object.keys(PAUSE_PLAYS) as PausePlay[];
  const program = names.flatMap((name) => Array.from({ length: PAUSE_PLAYS[name].share }, () => name));
  return playUntil(wanted, atOnce, async (theatre, number) => {
    const play = program[(number * 37) % program.length] ?? 'check: alert';
    const outcome = await playPause(theatre, play, seed + number);
    told(outcome);
    return outcome;
  });
}

/** Plays one trial: what is done in it follows from its seed, though not how fast the machine is. */
export function playPause(theatre: Theatre, play: PausePlay, seed: number): Promise<Outcome> {
  const { scene, who } = PAUSE_PLAYS[play];
  return theatre.play(scene, who === 'check', (stage, it) => paused(stage, it, play, seed));
}

async function paused(stage: Stage, scene: Scene, play: PausePlay, seed: number): Promise<Outcome> {
  const chance = chanceOf(seed);
  const { clock } = stage;
  const bells: Bell[] = [];
  const story: string[] = [];
  const moment = anyMoment(chance, scene);
  // The lease holds for two minutes; what may have arrived is repeated after an hour.
  const sleeps = oneOf(chance, [125, 300, 3700, 7300]) * SECOND_MS;
  await stage.reset(scene.snapshot);
  try {
    clock.set(scene.start);
    const isDaemon = PAUSE_PLAYS[play].who === 'daemon';
    const bell = isDaemon ? Bell.daemon(stage) : Bell.check(stage);
    bells.push(bell);
    if (isDaemon && moment.step === undefined) await bell.goOnTo(scene.instant - SECOND_MS);
    const until = scene.instant + MINUTE_MS;
    let isOver = false;
    const over = () => (isDaemon ? bell.goOnTo(until) : bell.ending());
    const struck = new Promise<true>((resolve) => {
      doAt(stage, moment, () => {
        if (isOver || bell.ended) return;
        bell.kill('SIGSTOP');
        resolve(true);
      });
    });
    const running = over();
    const stopped = await Promise.race([struck, running.then(() => false)]);
    isOver = true;
    stage.unwatch();
    if (stopped && (await isStopped(bell.pid))) {
      const before = stage.arrivals().length;
      clock.shift(sleeps);
      await runCheck(stage);
      story.push(
        `stopped ${moment.delay} ms after ${moment.step ?? 'the beginning'} for ${sleeps / SECOND_MS} s`,
        `another check told ${stage.arrivals().length - before}`,
      );
      await setTimeout(between(chance, 0, 20));
      bell.kill('SIGCONT');
    }
    if (isDaemon) await bell.goOnTo(Math.max(until, clock.now() + MINUTE_MS));
    else await bell.ending();
    await toTheEnd(stage, scene, clock.now(), isDaemon ? bell : undefined);
    return outcomeOf(stage, scene, { seed, play, story, times: story.length > 0 ? 1 : 0 });
  } catch (error) {
    return failed(stage, scene, { seed, play, story, times: 1 }, error);
  } finally {
    stage.unwatch();
    await endAll(bells);
  }
}

/** Waits until the system has stopped a process. @returns false where it has ended instead */
async function isStopped(pid: number): Promise<boolean> {
  for (;;) {
    const state = stateOf(pid);
    if (state === 'T') return true;
    if (state === undefined || state === 'Z' || state === 'X') return false;
    await setTimeout(1);
  }
}

function stateOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2)[0];
  } catch {
    return undefined;
  }
}
