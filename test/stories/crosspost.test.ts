import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { realRuntime } from '../../src/app/runtime.ts';
import { doctor } from '../../src/health/doctor.ts';
import { drill } from '../../src/jobs/drill.ts';
import { discordError, rateLimited } from '../support/discord-answers.ts';
import { BOT, type DiscordRequest } from '../support/discord-stand-in.ts';
import { ALERT } from '../support/posted.ts';
import { SEP_17, SEP_18, SEP_19, SEP_22, type Story, startStory } from '../support/story.ts';

let story: Story;
beforeEach(async () => {
  story = await startStory({ ...BOT, DISCORD_WEBHOOK_URL: '' });
  story.discord.channel = { type: 5 };
  await story.round(SEP_17);
});

/** The titles of what the followers got, oldest first. */
const published = () => {
  const { crossposts, messages } = story.discord;
  return crossposts.map((id) => messages.find((message) => message.id === id)?.payload.content);
};
const posted = () => story.discord.messages.map(({ payload }) => payload.content);
const crosspost = ({ path }: DiscordRequest) => path.endsWith('/crosspost');

describe('the followers of an announcement channel', () => {
  test('get alert and correction once, and no digest, warning or drill', async () => {
    await story.at('2025-09-17T22:00:00Z', (app) => drill(app));
    await story.round(SEP_18);
    expect(published()).toEqual([ALERT]);
    await story.round('2025-09-18T21:45:00Z');
    story.setClose('^RUT', '2025-09-18', 2466.7);
    await story.round(SEP_19);
    await story.round('2025-09-19T22:30:00Z');
    await story.round(SEP_22);
    expect(published()).toEqual([ALERT, expect.stringMatching(/^Correction/)]);
    expect(posted().length).toBeGreaterThan(2);
  });

  test('get a follow-up too', async () => {
    await story.round(SEP_18);
    await story.round('2025-10-20T21:00:00Z');
    expect(published()).toEqual([ALERT, expect.stringMatching(/^After 1 month/)]);
  });

  test('get the alert from a check without a daemon', async () => {
    await story.check(SEP_18);
    expect(published()).toEqual([ALERT]);
  });

  test('get nothing from a check without a network, nor from another kind of channel', async () => {
    await story.check(SEP_18, { offline: true });
    expect(published()).toEqual([]);
    story.discord.channel = { type: 0 };
    await story.round('2025-09-18T21:00:00Z');
    await story.round('2025-09-18T21:30:00Z');
    expect(posted()).toEqual([ALERT]);
    expect(story.discord.requests.filter(crosspost)).toEqual([]);
  });
});

describe('what fails', () => {
  const delivered = async () =>
    story.at(SEP_19, async ({ ledger }) =>
      (await ledger.deliveriesOf(['russell-2000/2025-09-18/alert'])).find(({ channel }) => channel === 'discord-bot'),
    );

  test('fails no delivery, sends nothing twice, and is tried again once it may help', async () => {
    story.discord.fault = (request) => (crosspost(request) ? rateLimited(1800) : undefined);
    const { problems } = await story.check(SEP_18);
    expect(problems).toEqual([]);
    expect(await delivered()).toMatchObject({ state: 'sent', attempts: 1 });
    const asked = () => story.discord.requests.filter(crosspost).length;
    expect(asked()).toBe(1);
    // Before the half hour is over it is not asked again.
    await story.round('2025-09-18T21:10:00Z');
    expect(asked()).toBe(1);
    story.discord.fault = undefined;
    await story.round('2025-09-18T21:16:00Z', 'when due');
    await story.round('2025-09-18T22:16:00Z', 'when due');
    expect(published()).toEqual([ALERT]);
    expect(posted()).toEqual([ALERT]);
  });

  test('is told by the doctor, with the reason, until a person has mended it', async () => {
    story.discord.fault = (request) =>
      crosspost(request) ? discordError(403, 50013, 'Missing Permissions') : undefined;
    await story.round(SEP_18);
    const told = async () => {
      const root = join(import.meta.dirname, '../..');
      const runtime = { ...realRuntime(() => {}), now: () => Date.parse(SEP_18) };
      return (await doctor(story.settings, runtime, root)).filter(({ what }) => what === 'discord-bot');
    };
    expect(await told()).toContainEqual(
      expect.objectContaining({
        note: true,
        text: expect.stringMatching(
          /^russell-2000\/2025-09-18\/alert is not published to the followers of the channel yet: .*50013/,
        ),
      }),
    );
    story.discord.fault = undefined;
    await story.round('2025-09-18T21:16:00Z', 'when due');
    expect(published()).toEqual([ALERT]);
    expect((await told()).some(({ text }) => text.includes('not published'))).toBe(false);
  });

  test('for three days is given up', async () => {
    story.discord.fault = (request) =>
      crosspost(request) ? discordError(403, 50013, 'Missing Permissions') : undefined;
    await story.round(SEP_18);
    story.discord.fault = undefined;
    await story.round('2025-09-21T20:46:00Z');
    expect(published()).toEqual([]);
  });

  test('by a fault of its own, ends no run', async () => {
    story.prepare = (app) => {
      for (const channel of app.channels) channel.publish &&= () => Promise.reject(new Error('Oops'));
    };
    expect((await story.check(SEP_18)).fired).toEqual(['russell-2000/2025-09-18']);
    story.prepare = undefined;
    await story.check('2025-09-18T20:46:00Z');
    expect([posted(), published()]).toEqual([[ALERT], [ALERT]]);
  });

  test('by a process that ended between posting and publishing, is done by the next one, once', async () => {
    // It got no further than the delivery: test/e2e/crash kills a process of its own there.
    story.prepare = (app) => {
      for (const channel of app.channels) delete channel.publish;
    };
    await story.check(SEP_18);
    expect([posted(), published()]).toEqual([[ALERT], []]);
    story.prepare = undefined;
    await story.check('2025-09-18T20:46:00Z');
    await story.check('2025-09-18T20:47:00Z');
    expect([posted(), published()]).toEqual([[ALERT], [ALERT]]);
  });

  test('and by one that ended before it could note it', async () => {
    story.discord.fault = (request) => (crosspost(request) ? 'accept-then-reset' : undefined);
    await story.check(SEP_18);
    story.discord.fault = undefined;
    await story.check('2025-09-18T20:46:00Z');
    expect(story.discord.requests.filter(crosspost)).toHaveLength(2);
    expect([posted(), published()]).toEqual([[ALERT], [ALERT]]);
    await story.check('2025-09-18T20:47:00Z');
    expect(story.discord.requests.filter(crosspost)).toHaveLength(2);
  });

  test('a paused channel publishes nothing until it goes on', async () => {
    story.discord.fault = (request) => (crosspost(request) ? discordError(502, 0, 'Bad Gateway') : undefined);
    await story.round(SEP_18);
    story.discord.fault = undefined;
    await story.at('2025-09-18T20:50:00Z', ({ ledger }) =>
      ledger.pause('discord-bot', '2025-09-18T22:00:00.000Z', '2025-09-18T20:50:00.000Z'),
    );
    await story.round('2025-09-18T21:16:00Z');
    expect(published()).toEqual([]);
    await story.round('2025-09-18T22:16:00Z');
    expect(published()).toEqual([ALERT]);
  });
});
