import { describe, expect, test } from 'vitest';
import { healthOf } from '../../../src/health/health.ts';
import { pause } from '../../../src/jobs/pause.ts';
import type { DiscordFault } from '../../support/discord-stand-in.ts';
import { startHeartbeat } from '../../support/heartbeat-server.ts';
import { ALERT, GONE, subjects, titles } from '../../support/posted.ts';
import { EVENT, SEP_17, SEP_18, startStory } from '../../support/story.ts';
import { temporaryFolder, useStandIn } from '../../support/temporary.ts';

describe('the heartbeat', () => {
  describe('says fail while a message of an event has reached nobody', () => {
    const start = async (change: Readonly<Record<string, string>> = {}) => {
      const heartbeat = await useStandIn(startHeartbeat());
      const story = await startStory({
        HEARTBEAT_URL: heartbeat.url,
        SMTP_URL: '',
        EMAIL_FROM: '',
        EMAIL_TO: '',
        ...change,
      });
      await story.round(SEP_17);
      heartbeat.calls.length = 0;
      const isWell = (instant: string) => story.at(instant, async (app) => (await healthOf(app)).ok);
      return { story, heartbeat, isWell };
    };
    const FAIL = expect.stringMatching(
      /^fail: No channel has confirmed the message russell-2000\/2025-09-18\/alert: \w+ on discord-webhook \(/,
    );

    test.each<[string, DiscordFault]>([
      ['refused for now', { status: 502 }],
      ['refused for good', GONE()],
      ['refused by somebody else', { body: '<html>Log in</html>' }],
      ['of unknown fate', 'reset'],
    ])('%s, from the round on in which it was', async (_, fault) => {
      const { story, heartbeat, isWell } = await start();
      story.discord.fault = ({ method }) => (method === 'POST' ? fault : undefined);
      await story.round(SEP_18);
      await story.round('2025-09-18T21:00:00Z', 'when due');
      expect(heartbeat.calls.filter((call) => call !== 'start')).toEqual([FAIL, FAIL]);
      expect(await isWell('2025-09-18T21:10:00Z')).toBe(false);
      story.discord.fault = undefined;
      await story.round('2025-09-18T22:00:00Z');
      expect(heartbeat.calls.at(-1)).toBe('ok');
      expect(await isWell('2025-09-18T22:10:00Z')).toBe(true);
      expect(titles(story)).toEqual([ALERT]);
    });

    test('also after 7 days, in which it is tried on, and while it may have arrived each time', async () => {
      const { story, heartbeat } = await start();
      story.discord.fault = ({ method }) => (method === 'POST' ? { status: 502 } : undefined);
      await story.round(SEP_18);
      for (const day of [22, 26, 29]) await story.round(`2025-09-${day}T20:45:00Z`);
      expect(heartbeat.calls.at(-1)).toEqual(FAIL);
      story.discord.fault = undefined;
      await story.round('2025-09-30T20:45:00Z');
      expect(titles(story)).toContain(ALERT);

      const unknown = await start();
      unknown.story.discord.fault = ({ method }) => (method === 'POST' ? 'accept-then-reset' : undefined);
      for (const day of [18, 19, 22, 23, 24, 30]) await unknown.story.round(`2025-09-${day}T20:45:00Z`);
      expect(titles(unknown.story).filter((title) => title === ALERT)).toHaveLength(6);
      expect(unknown.heartbeat.calls.at(-1)).toEqual(FAIL);
    });

    test('not while somebody has it, nor for a digest, a drill or a channel that is paused', async () => {
      const { story, heartbeat, isWell } = await start();
      story.configure({ SMTP_URL: story.smtp.url, EMAIL_FROM: 'bell@example.com', EMAIL_TO: 'ann@example.com' });
      story.discord.fault = ({ method }) => (method === 'POST' ? { status: 502 } : undefined);
      await story.round(SEP_18);
      expect(heartbeat.calls.at(-1)).toBe('ok');
      expect(await isWell('2025-09-18T21:10:00Z')).toBe(true);

      const paused = await start();
      paused.story.discord.fault = ({ method }) => (method === 'POST' ? { status: 502 } : undefined);
      await paused.story.at(SEP_17, (app) => pause(app, 'discord-webhook', undefined));
      await paused.story.round(SEP_18);
      expect(paused.heartbeat.calls.at(-1)).toBe('ok');
    });

    test('a folder counts where somebody has set it up', async () => {
      const { story, heartbeat } = await start({ OUTBOX_DIR: temporaryFolder() });
      story.discord.fault = ({ method }) => (method === 'POST' ? { status: 502 } : undefined);
      await story.round(SEP_18);
      expect(heartbeat.calls.at(-1)).toBe('ok');
    });

    test.each<[string, DiscordFault]>([
      ['refused for now for a week', { status: 502 }],
      ['of unknown fate four times', 'accept-then-reset'],
    ])('with a folder that counts, a channel that lacks it is told all the same: %s', async (_, fault) => {
      const { story, isWell } = await start({ OUTBOX_DIR: temporaryFolder() });
      story.discord.fault = ({ method }) => (method === 'POST' ? fault : undefined);
      for (const day of [18, 19, 22, 23, 24, 26, 29, 30]) await story.round(`2025-09-${day}T20:45:00Z`);
      expect(await isWell('2025-09-30T21:10:00Z')).toBe(false);
      const troubles = await story.at('2025-09-30T21:10:00Z', ({ ledger }) => ledger.openTroubles());
      expect(troubles).toEqual([{ name: 'delivery-discord-webhook', since: `${EVENT}/alert` }]);
      story.discord.fault = undefined;
      for (const day of ['01', '09']) await story.round(`2025-10-${day}T20:45:00Z`);
      expect(titles(story)).toContain(ALERT);
      expect(await isWell('2025-10-09T21:10:00Z')).toBe(true);
    });

    test('and is told everywhere else: to a channel that was set up since', async () => {
      const { story } = await start();
      story.discord.fault = ({ method }) => (method === 'POST' ? GONE() : undefined);
      await story.check(SEP_18);
      story.configure({ SMTP_URL: story.smtp.url, EMAIL_FROM: 'bell@example.com', EMAIL_TO: 'ann@example.com' });
      await story.round('2025-09-18T21:30:00Z');
      expect(subjects(story)).toEqual([`Not confirmed anywhere yet: ${EVENT}/alert`]);
      story.discord.fault = undefined;
      await story.round('2025-09-18T22:30:00Z');
      expect(subjects(story).at(-1)).toBe(`All clear: Not confirmed anywhere yet: ${EVENT}/alert`);
      expect(titles(story)).toEqual([ALERT]);
    });
  });
});
