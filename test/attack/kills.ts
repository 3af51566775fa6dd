import { setTimeout } from 'node:timers/promises';
import { Bell } from './bell.ts';
import { between, type Chance, chanceOf, oneOf } from './chance.ts';
import type { Scene, SceneName } from './scenes.ts';
import type { Stage } from './stage.ts';
import { playUntil, type Theatre } from './theatre.ts';
import { anyMoment, doAt, endAll, failed, type Moment, type Outcome, outcomeOf, runCheck, toTheEnd } from './trial.ts';

const MINUTE_MS = 60_000;
/** The most kills of one trial. A message that was under way at each of four would not be sent any more. */
const MOST_KILLS = 3;

/** Who is killed, with how many of all kills. */
export const KILL_PLAYS = {
  'check: alert': { share: 14, scene: 'alert', who: 'check' },
  'check: first run': { share: 6, scene: 'first run', who: 'check' },
  'check: correction': { share: 8, scene: 'correction', who: 'check' },
  'check: retraction': { share: 8, scene: 'retraction', who: 'check' },
  'check: evening': { share: 5, scene: 'evening', who: 'check' },
  'check: correction of an evening': { share: 2, scene: 'correction of an evening', who: 'check' },
  'daemon: evening in a round': { share: 3, scene: "evening in the daemon's round", who: 'daemon' },
  'daemon: alert in a round': { share: 12, scene: "alert in the daemon's round", who: 'daemon' },
  'daemon: alert at the start': { share: 10, scene: "alert at the daemon's start", who: 'daemon' },
  'daemon: reminder': { share: 3, scene: 'reminder', who: 'daemon' },
  'daemon: follow-up': { share: 5, scene: 'follow-up', who: 'daemon' },
  'daemon: digest': { share: 4, scene: 'digest', who: 'daemon' },
  'daemon: warning': { share: 4, scene: 'warning', who: 'daemon' },
  'check beside check': { share: 14, scene: 'alert', who: 'two checks' },
  'check beside daemon': { share: 12, scene: "alert in the daemon's round", who: 'check and daemon' },
} as const satisfies Record<string, { share: number; scene: SceneName; who: string }>;

export type KillPlay = keyof typeof KILL_PLAYS;

/**
 * Kills processes, so many in all, and judges what has come of it.
 * @param seed of the first trial; the others follow it
 */
export function kill(
  wanted: number,
  seed: number,
  atOnce: number,
  told: (outcome: Outcome) => void,
): Promise<Outcome[]> {
  const names = Object.keys(KILL_PLAYS) as KillPlay[];
  const program = names.flatMap((name) => Array.from({ length: KILL_PLAYS[name].share }, () => name));
  return playUntil(wanted, atOnce, async (theatre, number) => {
    // 37 and 110 have no factor in common: every play has its turn soon.
    const play = program[(number * 37) % program.length] ?? 'check: alert';
    const outcome = await playKill(theatre, play, seed + number);
    told(outcome);
    return outcome;
  });
}

/** Plays one trial: what is done in it follows from its seed, though not how fast the machine is. */
export function playKill(theatre: Theatre, play: KillPlay, seed: number): Promise<Outcome> {
  const { scene, who } = KILL_PLAYS[play];
  return theatre.play(scene, who === 'check' || who === 'two checks', (stage, it) => killed(stage, it, play, seed));
}

async function killed(stage: Stage, scene: Scene, play: KillPlay, seed: number): Promise<Outcome> {
  const chance = chanceOf(seed);
  const trial = new Kills(stage, scene, chance);
  await stage.reset(scene.snapshot);
  try {
    const { who } = KILL_PLAYS[play];
    if (who === 'check') await trial.checks();
    else if (who === 'daemon') await trial.daemons();
    else if (who === 'two checks') await trial.race();
    else await trial.raceWithDaemon();
    return outcomeOf(stage, scene, { seed, play, story: trial.story, times: trial.kills });
  } catch (error) {
    return failed(stage, scene, { seed, play, story: trial.story, times: trial.kills }, error);
  } finally {
    stage.unwatch();
    await endAll(trial.bells);
  }
}

class Kills {
  readonly bells: Bell[] = [];
  readonly story: string[] = [];
  kills = 0;
  readonly #stage: Stage;
  readonly #scene: Scene;
  readonly #chance: Chance;

  constructor(stage: Stage, scene: Scene, chance: Chance) {
    this.#stage = stage;
    this.#scene = scene;
    this.#chance = chance;
  }

  /** Checks, of which the first are killed, one after the other. */
  async checks(): Promise<void> {
    const { clock } = this.#stage;
    clock.set(this.#scene.instant);
    const planned = this.#howMany();
    for (let kill = 0; kill < planned; kill++) {
      const check = this.#check();
      await this.#kill([check], anyMoment(this.#chance, this.#scene), () => check.ending());
      await check.ending();
      clock.set(clock.now() + this.#pause());
    }
    await runCheck(this.#stage);
    await toTheEnd(this.#stage, this.#scene, clock.now(), undefined);
  }

  /** A daemon that is killed and started again, as pm2 does. */
  async daemons(): Promise<void> {
    const { clock } = this.#stage;
    const { start, instant } = this.#scene;
    clock.set(start);
    const planned = this.#howMany();
    for (let kill = 0; kill < planned; kill++) {
      const daemon = this.#daemon();
      const moment = anyMoment(this.#chance, this.#scene);
      // Of a time the round is the beginning, not the start twenty minutes before it.
      if (moment.step === undefined && clock.now() < instant) await daemon.goOnTo(instant - 1000);
      const until = Math.max(clock.now(), instant) + MINUTE_MS;
      await this.#kill([daemon], moment, () => daemon.goOnTo(until));
      await endAll([daemon]);
      clock.set(clock.now() + this.#pause());
    }
    const daemon = this.#daemon();
    await daemon.goOnTo(Math.max(clock.now(), instant) + MINUTE_MS);
    await toTheEnd(this.#stage, this.#scene, clock.now(), daemon);
  }

  /** Two checks at once, of which one or both are killed. */
  async race(): Promise<void> {
    const { clock } = this.#stage;
    clock.set(this.#scene.instant);
    const both = [this.#check()];
    await setTimeout(between(this.#chance, 0, 150));
    both.push(this.#check());
    await this.#kill(this.#victims(both), anyMoment(this.#chance, this.#scene), () => allEnd(both));
    await allEnd(both);
    clock.set(clock.now() + this.#pause());
    await runCheck(this.#stage);
    await toTheEnd(this.#stage, this.#scene, clock.now(), undefined);
  }

  /** A check beside the daemon's round. */
  async raceWithDaemon(): Promise<void> {
    const { clock } = this.#stage;
    const { start, instant } = this.#scene;
    clock.set(start);
    const daemon = this.#daemon();
    await daemon.goOnTo(instant - 1000);
    // A check that starts needs half a second until it has the same to do.
    const check = this.#check();
    await setTimeout(between(this.#chance, 0, 600));
    const both = () => Promise.all([check.ending(), daemon.goOnTo(instant + MINUTE_MS)]);
    await this.#kill(this.#victims([check, daemon]), anyMoment(this.#chance, this.#scene), both);
    await check.ending();
    if (daemon.ended) clock.set(clock.now() + this.#pause());
    const survivor = daemon.ended ? this.#daemon() : daemon;
    await survivor.goOnTo(Math.max(clock.now(), instant) + 2 * MINUTE_MS);
    await toTheEnd(this.#stage, this.#scene, clock.now(), survivor);
  }

  #daemon(): Bell {
    const daemon = Bell.daemon(this.#stage);
    this.bells.push(daemon);
    return daemon;
  }

  #check(): Bell {
    const check = Bell.check(this.#stage);
    this.bells.push(check);
    return check;
  }

  #howMany(): number {
    return this.#chance() < 0.2 ? 1 : MOST_KILLS;
  }

  /** Until somebody starts it again: pm2 at once, a timer in an hour. */
  #pause(): number {
    return oneOf(this.#chance, [2_000, MINUTE_MS, 17 * MINUTE_MS, 61 * MINUTE_MS]);
  }

  #victims(all: readonly Bell[]): readonly Bell[] {
    const kind = this.#chance();
    const one = kind < 0.4 ? all.slice(0, 1) : all.slice(1);
    return kind > 0.8 ? all : one;
  }

  /**
   * Kills them at a moment, counted from now.
   * @param over waits until there is nothing more to disturb
   */
  async #kill(victims: readonly Bell[], moment: Moment, over: () => Promise<unknown>): Promise<void> {
    let isOver = false;
    const struckOnes: Bell[] = [];
    const struck = new Promise<void>((resolve) => {
      doAt(this.#stage, moment, () => {
        if (isOver) return;
        const alive = victims.filter(({ ended }) => !ended);
        for (const bell of alive) bell.kill('SIGKILL');
        struckOnes.push(...alive);
        this.kills += alive.length;
        this.story.push(`${alive.length} killed ${moment.delay} ms after ${moment.step ?? 'the beginning'}`);
        resolve();
      });
    });
    await Promise.race([struck, over()]);
    isOver = true;
    this.#stage.unwatch();
    // Dead is who was killed only when the system says so.
    if (struckOnes.length > 0) await allEnd(struckOnes);
  }
}

function allEnd(bells: readonly Bell[]): Promise<unknown> {
  return Promise.all(bells.map((bell) => bell.ending()));
}
