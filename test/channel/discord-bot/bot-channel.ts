import { createDiscordBotChannel } from '../../../src/channel/discord-bot/transport.ts';
import { startDiscord } from '../../support/discord-server.ts';
import type { DiscordStandIn } from '../../support/discord-stand-in.ts';
import { outgoing } from '../../support/examples.ts';
import { useStandIn } from '../../support/temporary.ts';

export const DECIDED = Date.parse('2025-09-18T20:45:00Z');
export const MINUTE = 60_000;
export const LETTER = outgoing();

/** The channel of the stand-in's bot. */
export function channelOf(
  discord: DiscordStandIn,
  { mention, timeout = 5000 }: { mention?: string; timeout?: number } = {},
) {
  const settings = { token: discord.botToken, channelId: discord.channelId, api: discord.url };
  return createDiscordBotChannel(settings, mention, timeout);
}

/** Discord whose clock the test moves. */
export async function start() {
  const discord = await useStandIn(startDiscord());
  const clock = { now: DECIDED };
  discord.now = () => clock.now;
  return { discord, clock, channel: channelOf(discord) };
}
