import { extname, join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Logger } from 'pino';
import type { App } from '../app/app.ts';
import { cleanWords } from '../message/clean-words.ts';
import { GATEWAY } from '../store/parts.ts';
import type { Bot } from './bot.ts';
import type { Said } from './thread.ts';

/** A thread that has ended by an error is started again after this long, in milliseconds. */
const AGAIN_MS = 60_000;

/** Runs the bot in a thread of its own: an error inside discord.js ends the thread, is told, and the watch goes on. */
export function startBotThread(app: Pick<App, 'settings' | 'ledger' | 'now'>, log: Logger, againMs = AGAIN_MS): Bot {
  const { settings, ledger, now } = app;
  let closing = false;
  let again: NodeJS.Timeout | undefined;
  let worker: Worker | undefined;
  const start = () => {
    const thread = new Worker(join(import.meta.dirname, `thread${extname(import.meta.filename)}`));
    worker = thread;
    thread.on('message', ({ level, fields, text }: Said) => log[level](fields, text));
    thread.on('error', (error) => {
      const reason = cleanWords(error.message, settings.secrets);
      log.error(
        { reason, stack: cleanWords(error.stack ?? '', settings.secrets) },
        "the bot's thread has ended by an error; alerts are posted all the same",
      );
      ledger.probe(GATEWAY, `the bot ended by an error: ${reason}`, new Date(now()).toISOString()).catch(() => {});
    });
    thread.on('exit', () => {
      if (!closing) again = setTimeout(start, againMs).unref();
    });
  };
  start();
  return {
    close: async () => {
      closing = true;
      clearTimeout(again);
      const thread = worker;
      if (thread === undefined || thread.threadId === -1) return;
      const ended = new Promise<void>((resolve) => thread.once('exit', () => resolve()));
      thread.postMessage('stop');
      await ended;
    },
  };
}
