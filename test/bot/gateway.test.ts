import { pino } from 'pino';
import { describe, expect, test } from 'vitest';
import type { App } from '../../src/app/app.ts';
import { thisProcess } from '../../src/app/this-process.ts';
import { startBot } from '../../src/bot/bot.ts';
import { createSite } from '../../src/dashboard/server.ts';
import { healthOf } from '../../src/health/health.ts';
import { digest } from '../../src/jobs/digest.ts';
import { connected, stage, titleOf } from '../support/bot-stage.ts';
import { discordError, rateLimited } from '../support/discord-answers.ts';
import { SEP_17, SEP_18 } from '../support/story.ts';

describe('the gateway', () => {
  const probe = async (app: App) => (await app.ledger.probes()).find(({ part }) => part === 'gateway');

  test('is resumed when Discord asks for it, or the connection breaks, and answers go on', async () => {
    const at = await stage();
    await at.story.check(SEP_17);
    await connected(at, SEP_17, async (app) => {
      at.gateway.askToReconnect();
      await at.gateway.happened('resume');
      expect(titleOf(await at.gateway.command('status'))).toContain('armed');
      at.gateway.cut();
      await at.gateway.happened('resume', 2);
      expect(titleOf(await at.gateway.command('status'))).toContain('armed');
      expect((await probe(app))?.failure).toBeNull();
    });
  });

  test('sends heartbeats', async () => {
    const at = await stage();
    at.gateway.heartbeatInterval = 30;
    await connected(at, SEP_17, () => at.gateway.happened('heartbeat', 3));
  });

  test('that refuses the token is noted, told in health, and tried no more; alerts go out', async () => {
    const at = await stage();
    await at.story.check(SEP_17);
    await connected(at, SEP_17, async (app) => {
      at.gateway.closeWith(4004);
      await expect
        .poll(() => probe(app))
        .toMatchObject({ failure: 'Discord closed the connection for good (code 4004)' });
    });
    expect((await at.story.check(SEP_18)).deliveries).toMatchObject([{ channel: 'discord-bot', state: 'sent' }]);
  });

  test('that is down at the start is tried again', async () => {
    const at = await stage();
    let refused = 0;
    at.story.discord.fault = ({ path }) =>
      path.endsWith('/gateway/bot') && refused++ < 2 ? { status: 500 } : undefined;
    await connected(at, SEP_17, async (app) => {
      expect(refused).toBeGreaterThan(2);
      await expect.poll(async () => (await probe(app))?.failure).toBeNull();
    });
  });

  test('that ends the session is identified to anew', async () => {
    const at = await stage();
    await at.story.check(SEP_17);
    await connected(at, SEP_17, async (app) => {
      at.gateway.invalidate();
      await at.gateway.happened('identify', 2);
      expect(titleOf(await at.gateway.command('status'))).toContain('armed');
      await expect.poll(async () => (await probe(app))?.failure).toBeNull();
    });
  }, 20_000);

  test('whose REST asks to slow down gets its answer a moment later', async () => {
    const at = await stage();
    await at.story.check(SEP_17);
    let asked = 0;
    at.story.discord.fault = ({ path }) =>
      path.includes('/messages/') && asked++ === 0 ? rateLimited(0.2) : undefined;
    await connected(at, SEP_17, async () => {
      expect(titleOf(await at.gateway.command('status'))).toContain('armed');
      expect(asked).toBeGreaterThan(1);
    });
  });

  test('shows in health, the digest and the page; down for an hour it is told, and breaks nothing', async () => {
    const at = await stage();
    await at.story.check(SEP_17);
    await connected(at, SEP_17, async (app) => {
      // Of a daemon that has stopped nothing is said.
      expect((await healthOf(app)).gateway).toBeNull();
      const startedAt = '2025-09-17T12:00:00.000Z';
      await app.ledger.lead({ ...thisProcess(), startedAt, seenAt: startedAt }, () => true);
      await expect.poll(async () => (await healthOf(app)).gateway).toMatchObject({ connected: true, failure: null });
      const page = await (await createSite(app).request('/operations')).text();
      expect(page).toContain('answers commands');
      const { gateway } = (await (await createSite(app).request('/healthz')).json()) as { gateway: object };
      expect(gateway).toMatchObject({ connected: true });
      await app.ledger.probe(
        'gateway',
        'the connection to Discord broke; it is made again',
        '2025-09-17T19:00:00.000Z',
      );
      const health = await healthOf(app);
      expect(health).toMatchObject({ ok: true, gateway: { connected: false, since: '2025-09-17T19:00:00.000Z' } });
      expect(health.troubles.map(({ title }) => title)).toEqual(['The Discord bot is not answering commands']);
      expect(JSON.stringify((await digest(app, true)).posting.message)).toContain(
        'not answering commands since 17 Sep 2025',
      );
    });
  });

  test('that is left while a session begins lets the bot end', async () => {
    const at = await stage();
    at.gateway.quiet = true;
    await at.story.at(SEP_17, async (app) => {
      const settings = app.settings.discordBot;
      if (settings === undefined) throw new Error('no bot is set up');
      const bot = startBot(app, settings, pino({ level: 'silent' }), 50);
      await at.gateway.happened('identify');
      await bot.close();
    });
  });

  test('that refuses the commands once is asked again, and says so until then', async () => {
    const at = await stage();
    let refused = 0;
    at.story.discord.fault = ({ path }) =>
      path.endsWith('/commands') && refused++ === 0 ? discordError(403, 50001, 'Missing Access') : undefined;
    await connected(at, SEP_17, async (app) => {
      await at.gateway.happened('commands put');
      await expect.poll(async () => (await probe(app))?.failure).toBeNull();
    });
    expect(at.log.map(({ reason }) => String(reason)).join()).toContain(
      'the commands cannot be registered (Missing Access)',
    );
  });

  test('says once that it is down, though it tries all the time', async () => {
    const at = await stage();
    await connected(at, SEP_17, async () => {
      at.gateway.up = false;
      at.gateway.cut();
      await expect.poll(() => at.gateway.refused, { timeout: 5000 }).toBeGreaterThan(3);
    });
    expect(
      at.log.filter(({ msg }) => String(msg).startsWith('the bot is not connected')).map(({ reason }) => reason),
    ).toEqual(['the connection to Discord broke; it is made again']);
  });
});
