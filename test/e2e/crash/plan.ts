import type { Kill, Scene, Theatre } from './trial.ts';

/** From the start of the process past its end, in milliseconds. */
const SWEEP_UNTIL = 700;
const PACE = 70;

/** Kills at every step of an alert, at what the other scenes have brought to Discord or a mail server, and every 70 ms of a run. */
export async function planKills(theatre: Theatre): Promise<Kill[]> {
  const scenes: readonly Scene[] = ['alert', 'first run', 'correction', 'retraction'];
  const kills: Omit<Kill, 'restart'>[] = [];
  for (const scene of scenes) {
    const all = await theatre.steps(scene);
    const steps = scene === 'alert' ? all : all.filter((step) => /accepted|taken|published/.test(step));
    kills.push(...steps.map((step) => ({ scene, step, delay: 0 })));
  }
  for (let delay = PACE; delay <= SWEEP_UNTIL; delay += PACE) kills.push({ scene: 'alert', step: 'start', delay });
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
