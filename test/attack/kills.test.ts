import { expect, onTestFinished, test } from 'vitest';
import { isRight } from './judge.ts';
import { type KillPlay, playKill } from './kills.ts';
import { makeFolder, makePackage, removeFolder } from './package.ts';
import { playPause } from './pauses.ts';
import { Theatre } from './theatre.ts';

/** Of `npm run faults -- --only kills,pauses`: a few trials of each kind, always the same ones. */
const TRIALS: readonly (readonly [KillPlay, number])[] = [
  ['check: alert', 5],
  ['check: evening', 2],
  ['check: correction of an evening', 4],
  ['check beside check', 3],
  ['daemon: alert in a round', 2],
  ['check beside daemon', 9],
  ['daemon: reminder', 4],
];

test('killed or stopped at any moment, alone or beside another, nothing is lost, false, or twice unmarked', {
  timeout: 600_000,
}, async () => {
  const folder = makeFolder();
  const theatre = new Theatre(makePackage(folder, false));
  onTestFinished(async () => {
    await theatre.close();
    removeFolder(folder);
  });
  const outcomes = [];
  for (const [play, seed] of TRIALS) outcomes.push(await playKill(theatre, play, seed));
  for (const seed of [1, 3]) outcomes.push(await playPause(theatre, 'check: alert', seed));
  expect(outcomes.filter((outcome) => !isRight(outcome))).toEqual([]);
  expect(outcomes.reduce((sum, { times }) => sum + times, 0)).toBeGreaterThanOrEqual(TRIALS.length);
});
