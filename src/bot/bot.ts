import type { Interaction } from 'discord.js';
import type { App } from '../app/app.ts';
import type { DiscordBotSettings } from '../channel/discord-bot/settings.ts';
import { cleanWords } from '../message/clean-words.ts';
import type { BotLog } from './bot-log.ts';
import { createDesk } from './desk.ts';
import { openGateway } from './gateway.ts';
import { answerInteraction } from './interaction.ts';

/** A login that failed is tried again after this long, in milliseconds: from then on reconnecting is discord.js's. */
const AGAIN_MS = 60_000;

export interface Bot {
  /** Takes no more questions, waits for the answers that are under way, and disconnects. */
  close(): Promise<void>;
}

/**
 * Answers slash commands and buttons over Discord's gateway. Alerts do not pass through here: they are posted by REST,
 * whatever becomes of the gateway. Whether it is connected is noted in the ledger.
 */
export function startBot(app: App, settings: DiscordBotSettings, log: BotLog, againMs = AGAIN_MS): Bot {
  const answering = new Set<Promise<void>>();
  const desk = createDesk(app.now);
  const ask = (interaction: Interaction, guild: string | undefined) => {
    const answer = answerInteraction({ app, desk, log }, interaction, guild).catch((error: Error) =>
      log.warn({ reason: cleanWords(error.message, app.settings.secrets) }, 'an answer did not arrive'),
    );
    answering.add(answer);
    void answer.finally(() => answering.delete(answer));
  };
  const gateway = openGateway({ app, settings, log, againMs, ask });
  return {
    close: async () => {
      gateway.stop();
      await Promise.allSettled(answering);
      await gateway.disconnect();
    },
  };
}
