import { join } from 'node:path';
import { makeFolder, makePackage, removeFolder } from './package.ts';
import { rehearse, type Scene, type SceneName } from './scenes.ts';
import { Stage } from './stage.ts';
import type { Outcome } from './trial.ts';

/** Two stages, one of them with a bot, and the scenes that were rehearsed on them. One trial after the other. */
export class Theatre {
  readonly #folder = makeFolder();
  readonly #stages = new Map<boolean, Promise<Stage>>();
  readonly #scenes = new Map<string, Promise<Scene>>();
  readonly #root: string;

  /** @param root the package that is played, which all theatres share */
  constructor(root: string) {
    this.#root = root;
  }

  /**
   * Plays on a scene, which is rehearsed where it was not yet.
   * @param bot true: the bot posts too. Without a daemon, which would need a second more for each of its starts
   */
  async play<T>(name: SceneName, bot: boolean, act: (stage: Stage, scene: Scene) => Promise<T>): Promise<T> {
    const opening = this.#stages.get(bot) ?? Stage.open({ root: this.#root, bot });
    this.#stages.set(bot, opening);
    const stage = await opening;
    const key = `${name} ${bot}`;
    const scene = this.#scenes.get(key) ?? rehearse(stage, name, join(this.#folder, key.replaceAll(/\W/g, '-')));
    this.#scenes.set(key, scene);
    return act(stage, await scene);
  }

  async close(): Promise<void> {
    for (const stage of this.#stages.values()) await (await stage).close();
    removeFolder(this.#folder);
  }
}

/**
 * Plays trials, some at a time, until enough was done in them.
 * @param wanted how many times in all
 * @param play the trial of a number, from 0 on
 */
export async function playUntil<T extends Outcome>(
  wanted: number,
  atOnce: number,
  play: (theatre: Theatre, number: number) => Promise<T>,
): Promise<T[]> {
  const folder = makeFolder();
  const root = makePackage(folder, false);
  const outcomes: T[] = [];
  let [next, done] = [0, 0];
  const worker = async () => {
    const theatre = new Theatre(root);
    try {
      while (done < wanted) {
        const outcome = await play(theatre, next++);
        done += outcome.times;
        outcomes.push(outcome);
      }
    } finally {
      await theatre.close();
    }
  };
  try {
    await Promise.all(Array.from({ length: atOnce }, worker));
    return outcomes;
  } finally {
    removeFolder(folder);
  }
}
