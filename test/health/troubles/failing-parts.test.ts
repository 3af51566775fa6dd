import { expect, test } from 'vitest';
import { thisProcess } from '../../../src/app/lease.ts';
import { currentTroubles } from '../../../src/health/troubles.ts';
import { BOT } from '../../support/discord-server.ts';
import { SEP_17, type Story, startStory } from '../../support/story.ts';

const HOUR = 3_600_000;
const after = (ms: number) => new Date(Date.parse(SEP_17) + ms).toISOString();

/** A daemon that began some time after the evening's check, and whose gateway is down since that check. */
async function gatewayDown(daemonBegan: number): Promise<Story> {
  const story = await startStory(BOT);
  await story.check(SEP_17);
  await story.at(after(daemonBegan), async ({ ledger }) => {
    await ledger.probe('gateway', 'it is down', SEP_17);
    const startedAt = after(daemonBegan);
    await ledger.daemonLives({ ...thisProcess(), startedAt, seenAt: startedAt });
  });
  return story;
}

const isTold = (story: Story, instant: string) =>
  story.at(instant, async (app) => (await currentTroubles(app)).some(({ name }) => name === 'gateway'));

test.each([
  ['the connection broke', 0],
  ['the daemon began', HOUR / 2],
])('a gateway that is down is told an hour after %s, not before', async (_, began) => {
  const story = await gatewayDown(began);
  expect(await isTold(story, after(began + HOUR - 1))).toBe(false);
  expect(await isTold(story, after(began + HOUR))).toBe(true);
});
