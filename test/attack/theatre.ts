import { join } from 'node:path';
import type { PostgresServer } from '../support/postgres-server.ts';
import { makeFolder, makePackage, quickenPostgres, removeFolder } from './package.ts';
import { rehearse, type Scene, type SceneName } from './scenes.ts';
import { Stage } from './stage.ts';
import type { Outcome } from './trial.ts';

/** Two stages, one of them with a bot, and the scenes that were rehearsed on them. One trial after the other. */
export class Theatre {
  readonly #folder = makeFolder();
  readonly #stages = new Map<boolean, Promise<Stage>>();
  readonly #scenes = new Map<string, Promise<Scene>>();
  readonly #root: string;
  readonly #server: PostgresServer | undefined;

  /**
   * @param root the package that is played, which all theatres share
   * @param server where the ledgers are; undefined: in SQLite files
   */
  constructor(root: string, server?: PostgresServer) {
    this.#root = root;
    this.#server = server;
  }

  /**
   * Plays on a scene, which is rehearsed where it was not yet.
   * @param bot true: the bot posts too. Without a daemon, which would need a second more for each of its starts
   */
  async play<T>(name: SceneName, bot: boolean, act: (stage: Stage, scene: Scene) => Promise<T>): Promise<T> {
    const opening = this.#stages.get(bot) ?? Stage.open({ root: this.#root, bot, server: this.#server });
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
 * @param server where the ledgers are, by a clock that is `PACE` times as fast; undefined: in SQLite files
 */
export async function playUntil<T extends Outcome>(
  wanted: number,
  atOnce: number,
  play: (theatre: Theatre, number: number) => Promise<T>,
  server?: PostgresServer,
): Promise<T[]> {
  const folder = makeFolder();
  const root = makePackage(folder, false);
  if (server !== undefined) quickenPostgres(root);
  const outcomes: T[] = [];
  let [next, done] = [0, 0];
  const worker = async () => {
    const theatre = new Theatre(root, server);
    try {
      while (done < wanted) {
        const outcome = await play(theatre, next++);
        done += outcome.times;
        outcomes.push(outcome);
      }
    } catch (error) {
      // The others end with the trial that they are at.
      done = wanted;
      throw error;
    } finally {
      await theatre.close();
    }
  };
  try {
    const ends = await Promise.allSettled(Array.from({ length: atOnce }, worker));
    for (const end of ends) if (end.status === 'rejected') throw end.reason;
    return outcomes;
  } finally {
    removeFolder(folder);
  }
}
