import type { REST, RouteLike } from 'discord.js';
import type { MayWrite } from '../channel.ts';
import { connect } from '../discord/rest.ts';
import type { DiscordBotSettings } from './settings.ts';

/** A client that is logged in as the bot, and where it posts. */
export interface BotSession {
  readonly rest: REST;
  /** The messages of its channel. */
  readonly messages: RouteLike;
  /** The channel itself. */
  readonly channel: RouteLike;
  /** Ends one request that takes too long. */
  signal(): AbortSignal;
}

export interface SessionOptions {
  /** How long Discord may take for one answer, in milliseconds. */
  readonly timeout: number;
  /** The longest wait at a rate limit that the client makes by itself, in milliseconds; by default none. */
  readonly waits?: number;
  readonly mayWrite?: MayWrite | undefined;
}

/** The client for one attempt, one look or one test. */
export async function openSession(
  { api, token, channelId }: DiscordBotSettings,
  { timeout, waits = 0, mayWrite }: SessionOptions,
): Promise<BotSession> {
  const { Routes } = await import('discord.js');
  const rest = (await connect(api, timeout, waits, mayWrite)).setToken(token);
  return {
    rest,
    messages: Routes.channelMessages(channelId),
    channel: Routes.channel(channelId),
    signal: () => AbortSignal.timeout(timeout),
  };
}
