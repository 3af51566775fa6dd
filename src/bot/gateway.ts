import { setTimeout as wait } from 'node:timers/promises';
import type { Client, Interaction } from 'discord.js';
import type { App } from '../app/app.ts';
import type { DiscordBotSettings } from '../channel/discord-bot/settings.ts';
import { cleanWords } from '../message/clean-words.ts';
import type { BotLog } from './bot-log.ts';
import { createClient, loginFailure } from './client.ts';
import { gatewayNotes } from './gateway-notes.ts';
import { createRegistration, registrationFailure } from './registration.ts';

export interface Gateway {
  /** Takes no more questions, and connects no more. */
  stop(): void;
  disconnect(): Promise<void>;
}

interface GatewayNeeds {
  readonly app: Pick<App, 'settings' | 'ledger' | 'now'>;
  readonly settings: DiscordBotSettings;
  readonly log: BotLog;
  /** What failed is tried again after this long, in milliseconds. */
  readonly againMs: number;
  /** Gets what is asked, and the server of our channel; undefined while that is not known. */
  readonly ask: (interaction: Interaction, guild: string | undefined) => void;
}

/**
 * A connection that Discord does not end in this time is left, in milliseconds. `destroy` of discord.js may never end: told
 * while a session begins, it gives up waiting for READY, and that gives up its own wait for the end (WebSocketShard of
 * @discordjs/ws 1.2.3); and where the network is gone, ws waits for half a minute.
 */
const DISCONNECT_MS = 1_000;

/** Connects to Discord's gateway and registers the commands, and goes on trying until both have worked. */
export function openGateway({ app, settings, log, againMs, ask }: GatewayNeeds): Gateway {
  const noteChange = gatewayNotes(app, log);
  const registration = createRegistration(app.settings, settings, log);
  let client: Client | undefined;
  let up = false;
  let closing = false;
  let again: NodeJS.Timeout | undefined;
  const note = (failure: string | null) => {
    if (!closing) noteChange(failure);
  };
  const later = (act: () => void) => {
    clearTimeout(again);
    if (!closing) again = setTimeout(act, againMs).unref();
  };
  /** Without its commands a connected bot answers nothing. */
  const register = async (connected: Client<true>): Promise<void> => {
    if (registration.isDone() || closing) return note(null);
    try {
      await registration.complete(connected);
      if (up) note(null);
    } catch (error) {
      note(registrationFailure(error as Error));
      later(() => void register(connected));
    }
  };
  /** A client that has failed cannot be used again: each attempt gets a new one. */
  const connect = () => {
    const isOurs = () => client === fresh;
    const fresh = createClient(settings, {
      begun: () => {
        if (isOurs()) up = true;
        if (isOurs() && fresh.isReady()) void register(fresh);
      },
      broken: (words) => {
        if (!isOurs()) return;
        up = false;
        note(words);
      },
      failed: (error) => log.warn({ reason: cleanWords(error.message, app.settings.secrets) }, 'the bot failed'),
      asked: (interaction) => {
        if (!closing && isOurs()) ask(interaction, registration.guild());
      },
    });
    client = fresh;
    fresh.login(settings.token).catch((error: Error & { code?: string }) => {
      if (closing || !isOurs()) return;
      const { words, isFinal } = loginFailure(error);
      note(words);
      if (!isFinal) later(connect);
    });
  };
  connect();
  return {
    stop: () => {
      closing = true;
      clearTimeout(again);
    },
    disconnect: async () => {
      await Promise.race([client?.destroy(), wait(DISCONNECT_MS, undefined, { ref: false })]);
    },
  };
}
