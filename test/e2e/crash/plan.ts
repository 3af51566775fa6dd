import type { Kill, Scene, Theatre } from './trial.ts';

/** Milliseconds after a step, where a step is followed by work of the process itself. */
const AFTER = [0, 1, 3, 6, 10, 20];
/** From the start of the process past its end, in milliseconds. */
const SWEEP_UNTIL = 700;

/**
 * Kills at every step of an alert, at what the other scenes have brought to Discord or a mail server, and
 * every 70 ms of a run. `thorough`: at every step of them all, so many milliseconds after it too, and every 3 ms.
 */
export async function planKills(theatre: Theatre, thorough: boolean): Promise<Kill[]> {
  const scenes: readonly Scene[] = ['alert', 'first run', 'correction', 'retraction'];
  const kills: Omit<Kill, 'restart'>[] = [];
  for (const scene of scenes) {
    const delays = thorough && scene === 'alert' ? AFTER : thorough ? AFTER.slice(0, 2) : [0];
    const all = await theatre.steps(scene);
    const steps = thorough || scene === 'alert' ? all : all.filter((step) => /accepted|taken/.test(step));
    kills.push(...steps.flatMap((step) => delays.map((delay) => ({ scene, step, delay }))));
  }
  const pace = thorough ? 3 : 70;
  for (let delay = pace; delay <= SWEEP_UNTIL; delay += pace) kills.push({ scene: 'alert', step: 'start', delay });
  return kills.map((kill, index) => ({ ...kill, restart: index % 2 === 0 ? 1 : 60 }));
}

/** Plays all kills, so many at a time. */
export async function playAll<T>(
  kills: readonly Kill[],
  atOnce: number,
  play: (kill: Kill) => Promise<T>,
): Promise<T[]> {
  const waiting = [...kills.entries()];
  const ends: T[] = [];
  const worker = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) ends[next[0]] = await play(next[1]);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return ends;
}
