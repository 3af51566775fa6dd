import { pino } from 'pino';
import { expect, test } from 'vitest';
import { startBot } from '../../src/bot/bot.ts';
import { MANAGER, stage } from '../support/bot-stage.ts';
import { SEP_17, SEP_18 } from '../support/story.ts';

test('waits for an answer that is under way when it is told to stop', async () => {
  const at = await stage();
  await at.story.check(SEP_17);
  await at.story.at(SEP_18, async (app) => {
    const settings = app.settings.discordBot;
    if (settings === undefined) throw new Error('no bot is set up');
    const bot = startBot(app, settings, pino({ level: 'silent' }), 50);
    await at.gateway.happened('commands put');
    let closed: Promise<void> | undefined;
    at.story.discord.watch = (step) => {
      // The alert is on its way.
      if (step === 'bot accepted') closed ??= bot.close();
    };
    await at.gateway.command('check', {}, MANAGER);
    await closed;
    expect(closed).toBeDefined();
    expect(await app.ledger.unsent()).toEqual([]);
    expect((await app.ledger.lastRun())?.endedAt).not.toBeNull();
  });
});
