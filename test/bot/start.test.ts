import { pino } from 'pino';
import { expect, onTestFinished, test, vi } from 'vitest';
import { startBotThread } from '../../src/bot/start.ts';
import { stage } from '../support/bot-stage.ts';
import { GUILD_ID } from '../support/discord-stand-in.ts';
import { SEP_17 } from '../support/story.ts';

test('an error inside discord.js ends its own thread only: the daemon watches on, and starts it again', async () => {
  const at = await stage();
  const log: Record<string, unknown>[] = [];
  const lines = pino({}, { write: (line: string) => void log.push(JSON.parse(line)) });
  for (const [name, value] of Object.entries(at.story.environment)) vi.stubEnv(name, value);
  onTestFinished(() => void vi.unstubAllEnvs());
  await at.story.at(SEP_17, async (app) => {
    const bot = startBotThread(app, lines, 100);
    await at.gateway.happened('identify');
    await at.gateway.happened('commands put');
    // No real Discord sends this; its client throws at it.
    at.gateway.dispatch('GUILD_ROLE_UPDATE', { guild_id: GUILD_ID, role: null });
    await at.gateway.happened('identify', 2);
    expect(log.map(({ msg }) => msg)).toContain(
      "the bot's thread has ended by an error; alerts are posted all the same",
    );
    await bot.close();
  });
}, 30_000);
