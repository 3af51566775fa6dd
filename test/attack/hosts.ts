import { type PostgresServer, startServer } from '../support/postgres-server.ts';
import { between, chanceOf } from './chance.ts';
import { HOST_PLAYS, type HostPlay, hostPlayOf, type Strike } from './host-strikes.ts';
import { Hosts } from './host-trial.ts';
import { isRight } from './judge.ts';
import { PACE } from './package.ts';
import type { Scene } from './scenes.ts';
import type { Stage } from './stage.ts';
import { playUntil, type Theatre } from './theatre.ts';
import { failed, type Outcome, outcomeOf } from './trial.ts';

const SECOND_MS = 1000;

/** What came of one trial. */
export interface Hosted extends Outcome {
  /** Milliseconds by the database's clock from the moment at which the leader was struck until another one led. */
  readonly takeovers: readonly number[];
  /** How often the leader was struck while it waited, as the step did not come (again). */
  readonly waiting: number;
  /** Path of what each host said, of a trial that is not good. */
  readonly log?: string;
}

/** Nobody may need longer to take over, by the database's clock, in milliseconds. */
const MAY_TAKE_MS = 60 * SECOND_MS;

/** True where nothing is lost, false, or twice without a word, nor by the bot at all, and another one led in time. */
export function isGood(one: Hosted): boolean {
  const byBot = one.marked.some((key) => key.startsWith('bot '));
  return isRight(one) && !byBot && one.takeovers.every((milliseconds) => milliseconds <= MAY_TAKE_MS);
}

/**
 * Lets three hosts of one PostgreSQL stand by each other over an event, and strikes whichever leads, so many times in all.
 * @param seed of the first trial; the others follow it
 */
export async function strikeHosts(
  wanted: number,
  seed: number,
  atOnce: number,
  told: (outcome: Hosted) => void,
): Promise<Hosted[]> {
  const server = await startHostsServer();
  try {
    return await playUntil(
      wanted,
      atOnce,
      async (theatre, number) => {
        const outcome = await playHosts(theatre, hostPlayOf(seed + number), seed + number);
        told(outcome);
        return outcome;
      },
      server,
    );
  } finally {
    await server.close();
  }
}

/** A server for several trials at once, whose timers go with their clock. */
export function startHostsServer(): Promise<PostgresServer> {
  return startServer({ settings: { max_connections: '300', deadlock_timeout: `${SECOND_MS / PACE}ms` } });
}

/** Plays one trial: what is done in it follows from its seed, though not how fast the machine is. */
export function playHosts(theatre: Theatre, play: HostPlay, seed: number): Promise<Hosted> {
  return theatre.play("alert in the daemon's round", true, async (stage, rehearsed) => {
    const scene = withWarnings(await rehearseHosts(stage, rehearsed), HOST_PLAYS[play].strike);
    const trial = new Hosts(stage, scene, chanceOf(seed));
    const what = () => ({ seed, play, story: trial.story, times: trial.strikes });
    const whole = (outcome: Outcome): Hosted => {
      const hosted = { ...outcome, takeovers: trial.takeovers, waiting: trial.waiting };
      return isGood(hosted) ? hosted : { ...hosted, log: trial.keepLogs(seed) };
    };
    try {
      await trial.begin();
      // The second one is struck while it looks after what the first one left.
      const strikes = between(chanceOf(seed + 1), 1, 2);
      for (let strike = 0; strike < strikes; strike++) await trial.strike(HOST_PLAYS[play].strike);
      await trial.end();
      return whole(outcomeOf(stage, scene, what()));
    } catch (error) {
      return whole(failed(stage, scene, what(), error));
    } finally {
      stage.unwatch();
      await trial.close();
    }
  });
}

const REHEARSALS = new WeakMap<Stage, Pick<Scene, 'steps' | 'duration'>>();

/** The scene with the steps of three hosts, whose round nobody disturbs: it is played once on each stage. */
async function rehearseHosts(stage: Stage, scene: Scene): Promise<Scene> {
  const known = REHEARSALS.get(stage);
  if (known !== undefined) return { ...scene, ...known };
  const hosts = new Hosts(stage, scene, chanceOf(0));
  try {
    await hosts.begin();
    const round = await hosts.round();
    REHEARSALS.set(stage, round);
    return { ...scene, ...round };
  } finally {
    await hosts.close();
  }
}

/** The scene in which people may also be warned of what is done to the leader. */
function withWarnings(scene: Scene, { warns }: Strike): Scene {
  const { mayCome } = scene.truth;
  return { ...scene, truth: { ...scene.truth, mayCome: (id) => mayCome?.(id) === true || warns?.test(id) === true } };
}
