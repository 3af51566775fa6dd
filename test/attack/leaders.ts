import { setTimeout } from 'node:timers/promises';
import Database from 'better-sqlite3';
import { Bell } from './bell.ts';
import { between, type Chance, chanceOf } from './chance.ts';
import type { Scene } from './scenes.ts';
import type { Stage } from './stage.ts';
import { playUntil, type Theatre } from './theatre.ts';
import { anyMoment, doAt, endAll, failed, type Outcome, outcomeOf, toTheEnd, withholdEvening } from './trial.ts';

const SECOND_MS = 1000;
/** Daemons of one database. */
const DAEMONS = 3;
/** Their clock goes faster than the real one: so far, in milliseconds, with each real pause of `PACE_MS`. */
const STEP_MS = 250;
const PACE_MS = 25;
/** Nobody may need longer to take over, in milliseconds. */
const LONGEST_MS = 300 * SECOND_MS;

/** What the leader suffers, with how many of all turns. */
const LEADER_PLAYS = {
  'killed (SIGKILL)': { share: 5, signal: 'SIGKILL' },
  'stopped, and woken (SIGSTOP, SIGCONT)': { share: 3, signal: 'SIGSTOP' },
  'told to stop (SIGTERM)': { share: 2, signal: 'SIGTERM' },
} as const;

export type LeaderPlay = keyof typeof LEADER_PLAYS;

/** What came of one trial. */
export interface Led extends Outcome {
  /** Milliseconds by the daemons' clock from the moment at which the leader was struck until another one led. */
  readonly takeovers: readonly number[];
  /** How often the leader was stopped while it had the database locked, so that nobody could take over. */
  readonly locked: number;
}

/**
 * Lets three daemons stand by each other over an event, and strikes whichever leads, so many times in all.
 * @param seed of the first trial; the others follow it
 */
export function strikeLeaders(
  wanted: number,
  seed: number,
  atOnce: number,
  told: (outcome: Outcome) => void,
): Promise<Led[]> {
  const names = Object.keys(LEADER_PLAYS) as LeaderPlay[];
  const program = names.flatMap((name) => Array.from({ length: LEADER_PLAYS[name].share }, () => name));
  return playUntil(wanted, atOnce, async (theatre, number) => {
    const play = program[(number * 7) % program.length] ?? 'killed (SIGKILL)';
    const outcome = await playLeaders(theatre, play, seed + number);
    told(outcome);
    return outcome;
  });
}

/** Plays one trial: what is done in it follows from its seed, though not how fast the machine is. */
export function playLeaders(theatre: Theatre, play: LeaderPlay, seed: number): Promise<Led> {
  return theatre.play("alert in the daemon's round", false, async (stage, scene) => {
    const trial = new Leaders(stage, scene, chanceOf(seed));
    const what = () => ({ seed, play, story: trial.story, times: trial.takeovers.length });
    try {
      await trial.begin();
      // The second one is struck while it looks after what the first one left.
      const strikes = between(chanceOf(seed + 1), 1, 2);
      for (let strike = 0; strike < strikes; strike++) await trial.strike(LEADER_PLAYS[play].signal);
      await trial.end();
      return { ...outcomeOf(stage, scene, what()), takeovers: trial.takeovers, locked: trial.locked };
    } catch (error) {
      return { ...failed(stage, scene, what(), error), takeovers: trial.takeovers, locked: trial.locked };
    } finally {
      stage.unwatch();
      await endAll(trial.daemons);
    }
  });
}

class Leaders {
  readonly daemons: Bell[] = [];
  readonly story: string[] = [];
  readonly takeovers: number[] = [];
  locked = 0;
  readonly #stage: Stage;
  readonly #scene: Scene;
  readonly #chance: Chance;

  constructor(stage: Stage, scene: Scene, chance: Chance) {
    this.#stage = stage;
    this.#scene = scene;
    this.#chance = chance;
  }

  /** Three daemons that have started before the source had anything to tell, a second before the round that finds the event. */
  async begin(): Promise<void> {
    const { clock } = this.#stage;
    await this.#stage.reset(this.#scene.snapshot);
    withholdEvening(this.#stage, this.#scene);
    clock.set(this.#scene.instant - 20 * SECOND_MS);
    for (let nth = 0; nth < DAEMONS; nth++)
      this.daemons.push(Bell.daemon(this.#stage, { isOnItsOwn: false, pulse: 0 }));
    await this.#until(() => this.#instances() === DAEMONS && this.#leader() !== undefined, 'three daemons');
    await this.#pass(this.#scene.instant - SECOND_MS - clock.now());
    this.#stage.serve(this.#scene.snapshot.closes);
  }

  /** Strikes the leader at a moment, and waits until another one leads. */
  async strike(signal: NodeJS.Signals): Promise<void> {
    const { clock } = this.#stage;
    const moment = anyMoment(this.#chance, this.#scene);
    let struck: { readonly leader: Bell; readonly at: number } | undefined;
    doAt(this.#stage, moment, () => {
      const leader = this.#leader();
      if (leader === undefined || struck !== undefined) return;
      leader.kill(signal);
      struck = { leader, at: clock.now() };
    });
    // A step that does not come again is passed, and the leader struck while it waits.
    await this.#pass(60 * SECOND_MS, () => struck !== undefined);
    this.#stage.unwatch();
    const leader = struck?.leader ?? this.#leader();
    if (leader === undefined) throw new Error('nobody leads');
    if (struck === undefined) leader.kill(signal);
    const at = struck?.at ?? clock.now();
    const isFollowed = () => {
      const next = this.#leader();
      return next !== undefined && next !== leader;
    };
    await this.#pass(LONGEST_MS, isFollowed);
    if (!isFollowed() && signal === 'SIGSTOP' && (await this.#isLocked())) {
      // Who is stopped in the middle of a write keeps SQLite's lock: nobody can write before it wakes, or is killed.
      this.story.push(`SIGSTOP in the middle of a write, ${moment.delay} ms after ${moment.step ?? 'the beginning'}`);
      this.locked++;
      leader.kill('SIGCONT');
      await this.#pass(20 * SECOND_MS);
      return;
    }
    if (!isFollowed()) throw new Error(`nobody leads after ${LONGEST_MS / SECOND_MS} s`);
    this.takeovers.push(clock.now() - at);
    this.story.push(`${signal} ${moment.delay} ms after ${moment.step ?? 'the beginning'}; ${clock.now() - at} ms`);
    if (signal !== 'SIGSTOP') return;
    await this.#pass(between(this.#chance, 0, 120) * SECOND_MS);
    leader.kill('SIGCONT');
    await this.#pass(20 * SECOND_MS);
  }

  /** Ends those that are left, and runs on until everybody has everything. */
  async end(): Promise<void> {
    await this.#pass(60 * SECOND_MS);
    for (const daemon of this.daemons) daemon.kill('SIGTERM');
    await Promise.all(this.daemons.map((daemon) => daemon.ending()));
    await toTheEnd(this.#stage, this.#scene, this.#stage.clock.now(), undefined);
  }

  /** Lets time pass, or less where something has come true. */
  async #pass(milliseconds: number, over: () => boolean = () => false): Promise<void> {
    const { clock } = this.#stage;
    const end = clock.now() + milliseconds;
    while (clock.now() < end && !over()) {
      clock.shift(STEP_MS);
      await setTimeout(PACE_MS);
    }
  }

  async #until(isTrue: () => boolean, what: string): Promise<void> {
    await this.#pass(LONGEST_MS, isTrue);
    if (!isTrue()) throw new Error(`no ${what} after ${LONGEST_MS / SECOND_MS} s`);
  }

  /** The daemon that the ledger names, if it is one of these. */
  #leader(): Bell | undefined {
    const pid = this.#ask('select pid from daemon');
    return this.daemons.find((daemon) => daemon.pid === pid);
  }

  /** True where somebody keeps others from writing, and not for a moment only. */
  async #isLocked(): Promise<boolean> {
    const database = new Database(this.#stage.environment.DATABASE_PATH ?? '', { timeout: 500 });
    try {
      database.exec('begin immediate; rollback');
      return false;
    } catch (error) {
      if ((error as { code?: string }).code !== 'SQLITE_BUSY') throw error;
      return true;
    } finally {
      database.close();
    }
  }

  #instances(): unknown {
    return this.#ask('select count(*) from instances');
  }

  #ask(sql: string): unknown {
    const database = new Database(this.#stage.environment.DATABASE_PATH ?? '', { readonly: true });
    try {
      return database.prepare(sql).pluck().get();
    } finally {
      database.close();
    }
  }
}
