import { pino } from 'pino';
import { onTestFinished } from 'vitest';
import type { App } from '../../src/app/app.ts';
import { startBot } from '../../src/bot/bot.ts';
import { type GatewayStandIn, startGateway } from './discord-gateway.ts';
import { BOT } from './discord-stand-in.ts';
import { type Story, startStory } from './story.ts';

/** Manage Server, as Discord writes permissions. */
export const MANAGER = 0x20n;

export interface Stage {
  readonly story: Story;
  readonly gateway: GatewayStandIn;
  readonly log: Record<string, unknown>[];
}

/** Runs `act` while a bot is connected, in the app of an instant. */
export async function connected<T>(
  { story, gateway, log }: Stage,
  instant: string,
  act: (app: App) => Promise<T>,
): Promise<T> {
  return story.at(instant, async (app) => {
    const settings = app.settings.discordBot;
    if (settings === undefined) throw new Error('no bot is set up');
    const before = gateway.events.length;
    const lines = pino({}, { write: (line: string) => void log.push(JSON.parse(line)) });
    const bot = startBot(app, settings, lines, 50);
    try {
      await gateway.happened(
        'commands read',
        gateway.events.slice(0, before).filter((e) => e === 'commands read').length + 1,
      );
      return await act(app);
    } finally {
      await bot.close();
    }
  });
}

export async function stage(): Promise<Stage> {
  const story = await startStory({ ...BOT, DISCORD_WEBHOOK_URL: '', SMTP_URL: '', EMAIL_FROM: '', EMAIL_TO: '' });
  const gateway = await startGateway(story.discord);
  onTestFinished(() => gateway.close());
  return { story, gateway, log: [] };
}

export const titleOf = (reply: { content: string }) => reply.content;
export const textOf = (reply: { embeds: object[]; content: string }) => JSON.stringify(reply);
