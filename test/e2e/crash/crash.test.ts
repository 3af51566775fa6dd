import { afterAll, expect, test } from 'vitest';
import { planKills, playAll } from './plan.ts';
import { Theatre } from './trial.ts';

const theatre = new Theatre();
afterAll(() => theatre.close());

// At every step of a check, always the same ones. `npm run faults -- --only kills` has chance choose two thousand, of the daemon too.
test('killed at any step of a check, nothing is lost, false, or comes twice unmarked', {
  timeout: 900_000,
}, async () => {
  const kills = await planKills(theatre);
  const ends = await playAll(kills, 3, (kill) => theatre.play(kill));
  expect(ends.filter(({ killed }) => killed).length).toBeGreaterThan(25);
  for (const end of ends) {
    expect(end).toMatchObject({ lost: [], false: [], unmarked: [], unpublished: [], doubled: { bot: [], email: [] } });
    // Only what Discord had taken before anybody could know.
    expect(end.doubled.webhook.length).toBeLessThanOrEqual(1);
  }
  // The harness sees a second copy where there must be one: taken, killed, and no way to know.
  const unknowable = ends.filter(({ kill }) => kill.step === 'discord webhook accepted 1' && kill.scene === 'alert');
  expect(unknowable.map(({ doubled }) => doubled.webhook)).toEqual([['russell-2000/2025-09-18/alert']]);
});
