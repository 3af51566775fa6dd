import type { Logger } from 'pino';
import type { App } from '../app/app.ts';
import type { Bot } from '../bot/bot.ts';

/** Discord's gateway, which one daemon of a ledger holds: two would answer every question twice. */
export interface BotOfLeader {
  /** Never throws: without the bot the watch goes on. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** The bot, where one is set up; loaded there only, as it takes 80 MB. */
export function createBotOfLeader(app: Pick<App, 'settings' | 'ledger' | 'now'>, log: Logger): BotOfLeader {
  let bot: Bot | undefined;
  // One after another: who leads may change while it starts.
  let turn: Promise<void> = Promise.resolve();
  const inTurn = (act: () => Promise<void>) => {
    turn = turn.then(act);
    return turn;
  };
  return {
    start: () =>
      inTurn(async () => {
        if (app.settings.discordBot === undefined || bot !== undefined) return;
        try {
          const { startBotThread } = await import('../bot/start.ts');
          bot = startBotThread(app, log);
        } catch (err) {
          log.error({ err }, 'the bot cannot be started; alerts are posted all the same');
        }
      }),
    stop: () =>
      inTurn(async () => {
        await bot?.close();
        bot = undefined;
      }),
  };
}
