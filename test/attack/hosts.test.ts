import { expect, onTestFinished, test } from 'vitest';
import { NO_PROGRAMS } from '../support/postgres-programs.ts';
import { HOST_PLAYS, type HostPlay, hostPlayOf } from './host-strikes.ts';
import { type Hosted, isGood, playHosts, startHostsServer } from './hosts.ts';
import { makeFolder, makePackage, quickenPostgres, removeFolder } from './package.ts';
import { Theatre } from './theatre.ts';

/** Of `npm run faults -- --only hosts`: some of the kinds, always the same ones. */
const SEEDS = [6, 7, 8, 13];

test.skipIf(NO_PROGRAMS !== undefined)(
  'of three hosts another one takes over, and nothing is lost, false, or twice unmarked',
  { timeout: 600_000 },
  async () => {
    const folder = makeFolder();
    const root = makePackage(folder, false);
    quickenPostgres(root);
    const server = await startHostsServer();
    const theatres = SEEDS.map(() => new Theatre(root, server));
    onTestFinished(async () => {
      await Promise.all(theatres.map((theatre) => theatre.close()));
      await server.close();
      removeFolder(folder);
    });
    // Side by side: most of a trial is waiting.
    const outcomes = await Promise.all(
      theatres.map((theatre, nth) => {
        const seed = SEEDS[nth] ?? 0;
        return playHosts(theatre, hostPlayOf(seed), seed);
      }),
    );
    // By a clock that goes ten times as fast as the real one: a slow machine makes the times longer.
    const inTime = (one: Hosted) => ({ ...one, takeovers: one.takeovers.map((ms) => (ms < 180_000 ? 0 : ms)) });
    expect(outcomes.filter((one) => !isGood(inTime(one)))).toEqual([]);
    expect(outcomes.flatMap(({ takeovers }) => takeovers).length).toBeGreaterThanOrEqual(3);
  },
);

test('every play has as many turns as it should, and soon', () => {
  const names = Object.keys(HOST_PLAYS) as HostPlay[];
  const turns = names.reduce((sum, name) => sum + HOST_PLAYS[name].share, 0);
  const program = Array.from({ length: turns }, (_, seed) => hostPlayOf(seed + 3 * turns));
  for (const name of names) expect(program.filter((one) => one === name).length, name).toBe(HOST_PLAYS[name].share);
  expect(new Set(program.slice(0, turns / 2)).size).toBeGreaterThan(names.length / 2);
});

test('a repeat by the bot and a slow successor are not good, though they say so', () => {
  const right: Hosted = {
    ...{ seed: 1, play: 'killed (SIGKILL)', story: [], times: 1, takeovers: [60_000], waiting: 0 },
    ...{ lost: [], false: [], unmarked: [], marked: ['webhook a', 'email:ann@example.com a'], otherMail: [] },
  };
  expect(isGood(right)).toBe(true);
  expect(isGood({ ...right, marked: ['bot a'] })).toBe(false);
  expect(isGood({ ...right, takeovers: [60_001] })).toBe(false);
  expect(isGood({ ...right, lost: ['bot a'] })).toBe(false);
});
