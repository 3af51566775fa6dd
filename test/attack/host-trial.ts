import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { Client } from 'pg';
import { lifeline } from '../support/lifeline.ts';
import { between, type Chance } from './chance.ts';
import { Host } from './host.ts';
import type { Strike } from './host-strikes.ts';
import { makeFolder, PACE } from './package.ts';
import type { Scene } from './scenes.ts';
import type { Stage } from './stage.ts';
import { anyMoment, doAt, endAll, toTheEnd, withholdEvening } from './trial.ts';

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const NAMES = ['bell-a', 'bell-b', 'bell-c'];
/** So often the clock moves on, and it is asked who leads, in real milliseconds. */
const TICK_MS = 20;
/** What takes longer than this hangs: to take over, by the database's clock, or to start, by the real one. In milliseconds. */
const LONGEST_MS = 300 * SECOND_MS;
/** A beginning that goes wrong is made anew so often. */
const MOST_BEGINNINGS = 5;

/** Three hosts on a stage. */
export class Hosts {
  readonly story: string[] = [];
  readonly takeovers: number[] = [];
  /** How often the leader was struck in its round, and while it waited. */
  strikes = 0;
  waiting = 0;
  readonly #hosts: Host[] = [];
  readonly #folder = makeFolder();
  /** Nobody lives on when the harness is killed. */
  readonly #life = lifeline(this.#folder);
  readonly #stage: Stage;
  readonly #scene: Scene;
  readonly #chance: Chance;
  #client: Client | undefined;
  /** Who led when it was last asked. */
  #leader: Host | undefined;

  constructor(stage: Stage, scene: Scene, chance: Chance) {
    this.#stage = stage;
    this.#scene = scene;
    this.#chance = chance;
  }

  /** Three hosts whose daemons have started before the source had anything to tell, a second before the round that finds the event. */
  async begin(): Promise<void> {
    for (let time = 1; !(await this.#hasBegun(time * MINUTE_MS)); time++) {
      if (time === MOST_BEGINNINGS) throw new Error('the hosts need too long to start, or another one leads by then');
      await this.#endHosts();
    }
  }

  /** @param before how long before that round they are started, milliseconds @returns false where it went otherwise */
  async #hasBegun(before: number): Promise<boolean> {
    const { clock } = this.#stage;
    const { snapshot, instant } = this.#scene;
    await this.#stage.reset(snapshot);
    withholdEvening(this.#stage, this.#scene);
    clock.set(instant - before);
    this.#client = new Client({ connectionString: this.#stage.database?.url });
    this.#client.on('error', () => {});
    await this.#client.connect();
    const shared = { folder: mkdtempSync(join(this.#folder, 'hosts-')), life: this.#life };
    for (const name of NAMES) this.#hosts.push(await Host.start(this.#stage, name, shared));
    // In real time: how long a start takes is not what is measured.
    const began = performance.now();
    while (!(await this.#haveStarted())) {
      if (performance.now() - began > LONGEST_MS) throw new Error('three hosts have not started');
      await setTimeout(TICK_MS);
    }
    const first = this.#leader;
    await this.#pass(instant - SECOND_MS - clock.now());
    this.#stage.serve(snapshot.closes);
    const told = snapshot.discord.length + snapshot.smtp.length;
    return this.#leader === first && clock.now() < instant && this.#stage.arrivals().length === told;
  }

  /** The steps of a round that nobody disturbs, and its real milliseconds from the second before it to the last of them. */
  async round(): Promise<Pick<Scene, 'steps' | 'duration'>> {
    const steps: string[] = [];
    const began = performance.now();
    let duration = 0;
    this.#stage.watch((step) => {
      steps.push(step);
      duration = performance.now() - began;
    });
    await this.#pass(30 * SECOND_MS);
    this.#stage.unwatch();
    return { steps, duration };
  }

  /** Strikes the leader at a moment, and waits until another one leads. */
  async strike({ strike, mend, isFollowed }: Strike): Promise<void> {
    const { clock } = this.#stage;
    const moment = anyMoment(this.#chance, this.#scene);
    let struck: { readonly leader: Host; readonly at: number } | undefined;
    const act = () => {
      if (struck !== undefined || this.#leader === undefined) return;
      struck = { leader: this.#leader, at: clock.now() };
      strike(this.#leader, this.#chance);
    };
    doAt(this.#stage, moment, act);
    // A step that does not come again is passed, and the leader struck while it waits.
    await this.#pass(60 * SECOND_MS, () => struck !== undefined);
    this.#stage.unwatch();
    const inVain = struck === undefined;
    act();
    const { leader, at } = struck ?? this.#nobody();
    if (inVain) this.waiting += 1;
    else this.strikes += 1;
    const lost = leader.proxy.lostAnswers;
    const step = moment.step ?? 'the beginning';
    const when = `${leader.name} ${inVain ? `as it waits, without ${step}` : `${moment.delay} ms after ${step}`}`;
    if (isFollowed) {
      await this.#pass(LONGEST_MS, () => this.#leader !== undefined && this.#leader !== leader);
      if (this.#leader === undefined || this.#leader === leader)
        throw new Error(`nobody leads ${LONGEST_MS / SECOND_MS} s after ${when}`);
      this.takeovers.push(clock.now() - at);
    }
    this.story.push(`${when}${isFollowed ? `; ${this.#leader?.name} led after ${clock.now() - at} ms` : ''}`);
    if (mend === undefined) return;
    await this.#pass(between(this.#chance, isFollowed ? 0 : 30, 120) * SECOND_MS);
    if (leader.proxy.lostAnswers > lost) this.story.push(`${leader.proxy.lostAnswers - lost} answers lost`);
    await mend(leader);
    await this.#pass(20 * SECOND_MS);
  }

  /** Ends those that are left, and runs on until everybody has everything. */
  async end(): Promise<void> {
    await this.#pass(60 * SECOND_MS);
    for (const { daemon } of this.#hosts) daemon.kill('SIGTERM');
    await this.#pass(LONGEST_MS, () => this.#hosts.every(({ daemon }) => daemon.ended));
    await Promise.all(this.#hosts.map(({ daemon }) => daemon.ending()));
    await toTheEnd(this.#stage, this.#scene, this.#stage.clock.now(), undefined);
  }

  async close(): Promise<void> {
    await this.#endHosts();
    await this.#life.end();
  }

  async #endHosts(): Promise<void> {
    await endAll(this.#hosts.map(({ daemon }) => daemon));
    await Promise.all(this.#hosts.map((host) => host.close()));
    this.#hosts.length = 0;
    await this.#client?.end();
    this.#client = undefined;
  }

  /** @returns the path of what each host has said */
  keepLogs(seed: number): string {
    const path = join(tmpdir(), `breakout-bell-hosts-${seed}.log`);
    writeFileSync(path, this.#hosts.map(({ name, daemon }) => `${name}\n${daemon.said}\n`).join('\n'));
    return path;
  }

  /** Lets time pass, `PACE` times as fast as the real one, or less of it where something has come true. */
  async #pass(milliseconds: number, over: () => boolean = () => false): Promise<void> {
    const { clock } = this.#stage;
    const end = clock.now() + milliseconds;
    let last = performance.now();
    while (clock.now() < end && !over()) {
      await Promise.all([setTimeout(TICK_MS), this.#look()]);
      const now = performance.now();
      // Whole milliseconds: Discord's ids are made of them.
      const passed = Math.round(now - last);
      clock.shift((PACE - 1) * passed);
      last += passed;
    }
  }

  /** Asks who leads. */
  async #look(): Promise<void> {
    const pid = await this.#ask<number>(
      "pid from lease where name = 'leader' and holder is not null and expires_at > clock_timestamp()",
    );
    this.#leader = this.#hosts.find(({ daemon }) => daemon.pid === pid);
  }

  /** One leads, with its bot, after its first round; all others are known. */
  async #haveStarted(): Promise<boolean> {
    const ended = this.#hosts.find(({ daemon }) => daemon.ended);
    if (ended !== undefined) throw new Error(`${ended.name} ended: ${ended.daemon.said}`);
    await this.#look();
    if (this.#leader === undefined || (await this.#ask('count(*)::integer from instances')) !== NAMES.length)
      return false;
    if (!this.#hosts.every(({ daemon }) => daemon.said.includes('"msg":"watching"'))) return false;
    return ['"why":"start"', 'the bot is connected'].every((line) => this.#leader?.daemon.said.includes(line));
  }

  #nobody(): never {
    throw new Error('nobody leads');
  }

  async #ask<T>(what: string): Promise<T | undefined> {
    const { rows } = (await this.#client?.query({ text: `select ${what}`, rowMode: 'array' })) ?? { rows: [] };
    return rows[0]?.[0];
  }
}
