import { expect, test } from 'vitest';
import type { App } from '../../../src/app/app.ts';
import { thisProcess } from '../../../src/app/this-process.ts';
import { failingParts } from '../../../src/health/troubles/failing-parts.ts';
import { currentTroubles } from '../../../src/health/troubles.ts';
import type { Probe } from '../../../src/store/troubles.ts';
import { BOT } from '../../support/discord-stand-in.ts';
import { SEP_17, type Story, startStory } from '../../support/story.ts';

const NOW = Date.parse('2025-09-18T12:00:00Z');
const MINUTE = 60_000;
const ago = (minutes: number) => new Date(NOW - minutes * MINUTE).toISOString();

const failing = (part: string, since: string): Probe => ({
  part,
  triedAt: ago(0),
  failingSince: since,
  failure: 'it does not work',
});

function appWith(
  probes: readonly Probe[],
  change: { channels?: string[]; startedAt?: string; paused?: string[] } = {},
): App {
  const { channels = ['discord-bot', 'email:ann@example.com'], startedAt = ago(1440), paused = [] } = change;
  const daemon = { id: 'x', host: 'elsewhere', pid: 1, processStarted: null, startedAt, seenAt: ago(0) };
  return {
    settings: { heartbeatUrl: undefined },
    channels: channels.map((id) => ({ id })),
    now: () => NOW,
    ledger: {
      probes: async () => probes,
      pauses: async () => paused.map((channel) => ({ channel, since: ago(60), until: null })),
      daemon: async () => daemon,
    },
  } as unknown as App;
}
const namesOf = async (app: App) => (await failingParts.find(app, [])).map(({ name }) => name);

test('a gateway that is down is told after an hour, and not for what lay before the start', async () => {
  expect(await namesOf(appWith([failing('gateway', ago(59))]))).toEqual([]);
  expect(await namesOf(appWith([failing('gateway', ago(60))]))).toEqual(['gateway']);
  expect(await namesOf(appWith([failing('gateway', ago(600))], { startedAt: ago(59) }))).toEqual([]);
});

test('and nobody misses it where there is no bot', async () => {
  expect(await namesOf(appWith([failing('gateway', ago(600))], { channels: ['discord-webhook'] }))).toEqual([]);
});

test('a channel that fails its test is told while it is in use, by its kind', async () => {
  const probes = [failing('channel-email', ago(5))];
  expect(await failingParts.find(appWith(probes), [])).toMatchObject([
    {
      name: 'channel-email',
      title: 'The daily test of email fails',
      text: expect.stringMatching(/^It does not work\. An alert might not arrive there\./),
      about: 'email',
      blocking: true,
    },
  ]);
  expect(await namesOf(appWith(probes, { paused: ['email:ann@example.com'] }))).toEqual([]);
});

test('without a copy, a heartbeat or the right time an event is told all the same', async () => {
  const troubles = await failingParts.find(
    appWith(['disk', 'backup', 'clock', 'heartbeat'].map((part) => failing(part, ago(5)))),
    [],
  );
  expect(troubles.map(({ name, blocking }) => [name, blocking])).toEqual([
    ['disk', true],
    ['backup', false],
    ['clock', false],
  ]);
});

test('what works again says so; what is not tried any more says nothing', async () => {
  const app = appWith([{ part: 'disk', triedAt: ago(0), failingSince: null, failure: null }]);
  const since = ago(600);
  expect(await failingParts.ending(app, { name: 'disk', since })).toBe('There is enough space again.');
  expect(await failingParts.ending(app, { name: 'database', since })).toBeUndefined();
});

const HOUR = 3_600_000;
const after = (ms: number) => new Date(Date.parse(SEP_17) + ms).toISOString();

/** A daemon that began some time after the evening's check, and whose gateway is down since that check. */
async function gatewayDown(daemonBegan: number): Promise<Story> {
  const story = await startStory(BOT);
  await story.check(SEP_17);
  await story.at(after(daemonBegan), async ({ ledger }) => {
    await ledger.probe('gateway', 'it is down', SEP_17);
    const startedAt = after(daemonBegan);
    await ledger.lead({ ...thisProcess(), startedAt, seenAt: startedAt }, () => true);
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

test.each([
  ['the break was noted by a clock that is an hour behind', 0, HOUR - 1, false],
  ['by one that is two hours ahead', 2 * HOUR, HOUR - 1, false],
  ['an hour of leading, whatever it was noted by', 2 * HOUR, HOUR, true],
])('of several hosts the one that leads tells it by how long it leads: %s', async (_, noted, leadsFor, told) => {
  const story = await startStory(BOT);
  await story.check(SEP_17);
  const found = await story.at(after(HOUR), async (app) => {
    await app.ledger.probe('gateway', 'it is down', after(noted));
    // It has stood by for days.
    const daemon = { ...thisProcess(), startedAt: after(-48 * HOUR), seenAt: after(HOUR), leadsFor };
    return failingParts.find({ ...app, ledger: { ...app.ledger, daemon: async () => daemon } }, []);
  });
  expect(found.some(({ name }) => name === 'gateway')).toBe(told);
});
