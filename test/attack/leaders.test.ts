import { expect, onTestFinished, test } from 'vitest';
import { isRight } from './judge.ts';
import { type LeaderPlay, playLeaders } from './leaders.ts';
import { makeFolder, makePackage, removeFolder } from './package.ts';
import { Theatre } from './theatre.ts';

/** Of `npm run faults -- --only leaders`: one of each kind, always the same ones. */
const TRIALS: readonly (readonly [LeaderPlay, number])[] = [
  ['killed (SIGKILL)', 12],
  ['stopped, and woken (SIGSTOP, SIGCONT)', 11],
  ['told to stop (SIGTERM)', 14],
];

test('of three daemons another one takes over, and nothing is lost, false, or twice unmarked', {
  timeout: 600_000,
}, async () => {
  const folder = makeFolder();
  const root = makePackage(folder, false);
  const theatres = TRIALS.map(() => new Theatre(root));
  onTestFinished(async () => {
    await Promise.all(theatres.map((theatre) => theatre.close()));
    removeFolder(folder);
  });
  // Side by side: most of a trial is waiting.
  const outcomes = await Promise.all(
    TRIALS.map(([play, seed], nth) => playLeaders(theatres[nth] ?? new Theatre(root), play, seed)),
  );
  expect(outcomes.filter((outcome) => !isRight(outcome))).toEqual([]);
  const takeovers = outcomes.flatMap((outcome) => outcome.takeovers);
  expect(takeovers.length).toBeGreaterThanOrEqual(TRIALS.length);
  // By their clock, which goes ten times as fast as the real one: a slow machine makes them longer.
  expect(Math.max(...takeovers)).toBeLessThan(180_000);
});
