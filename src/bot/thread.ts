import { parentPort } from 'node:worker_threads';
import { openApp } from '../app/open.ts';
import { realRuntime } from '../app/runtime.ts';
import { homeFolder } from '../settings/places.ts';
import { useProxy } from '../settings/proxy.ts';
import { loadSettings } from '../settings/settings.ts';
import type { BotLog } from './bot-log.ts';

/** What the thread tells the daemon. */
export interface Said {
  readonly level: 'info' | 'warn' | 'error';
  readonly fields: object;
  readonly text: string;
}

/*
 * The bot's own thread, with its own app: what goes wrong inside discord.js ends this thread, and never the watch. Any
 * message tells it to stop.
 */
const stopping = new AbortController();
const settings = loadSettings(homeFolder(process.env), process.env);
const say =
  (level: Said['level']) =>
  (fields: object, text?: string): void => {
    const plain = JSON.parse(JSON.stringify(fields, (_, value) => (value instanceof Error ? value.message : value)));
    parentPort?.postMessage({ level, fields: plain, text: text ?? '' } satisfies Said);
  };
if (settings.discordBot !== undefined) {
  // A thread has its own agents, and discord.js takes its WebSocket when it is loaded.
  if (settings.proxy !== undefined && useProxy(settings.proxy) !== undefined) {
    const { sendGatewayThroughProxy } = await import('./gateway-proxy.ts');
    sendGatewayThroughProxy();
  }
  const { startBot } = await import('./bot.ts');
  const log = { info: say('info'), warn: say('warn'), error: say('error') } as BotLog;
  const app = await openApp(
    settings,
    realRuntime((line) => log.info({}, line), stopping.signal),
  );
  const bot = startBot(app, settings.discordBot, log);
  parentPort?.once('message', async () => {
    // What is not begun is begun by the next run.
    stopping.abort();
    await bot.close();
    app.close();
    process.exit(0);
  });
}
