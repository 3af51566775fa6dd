import type { App } from '../app/app.ts';
import { cleanWords } from '../message/clean-words.ts';
import { GATEWAY } from '../store/parts.ts';
import type { BotLog } from './bot-log.ts';

/**
 * Notes in log and ledger how the gateway is: null where it is connected, else why not. Only changes: while Discord is
 * down its client tries twice a second.
 */
export function gatewayNotes(
  { settings, ledger, now }: Pick<App, 'settings' | 'ledger' | 'now'>,
  log: BotLog,
): (failure: string | null) => void {
  let last: string | null | undefined;
  return (failure) => {
    const words = failure === null ? null : cleanWords(failure, settings.secrets);
    if (words === last) return;
    last = words;
    if (words === null) log.info({}, 'the bot is connected');
    else log.warn({ reason: words }, 'the bot is not connected; alerts are posted all the same');
    ledger.probe(GATEWAY, words, new Date(now()).toISOString()).catch((err) => log.error({ err }, 'the ledger failed'));
  };
}
