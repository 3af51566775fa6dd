import { createDiscordBotChannel } from '../../../src/channel/discord-bot/transport.ts';
import { startDiscord } from '../../support/discord-server.ts';
import { useStandIn } from '../../support/temporary.ts';
import { conforms, type Stage } from '../conformance.ts';
import { faultsOf } from '../discord/faults.ts';

conforms({ id: 'discord-bot', needsNetwork: true, start });

async function start(timeout: number): Promise<Stage> {
  const discord = await useStandIn(startDiscord());
  // Between any two of its looks at the clock Discord forgets what it knew: what its nonce does has a test of its own.
  let now = Date.parse('2025-09-18T20:45:00Z');
  discord.now = () => {
    now += 3_600_000;
    return now;
  };
  const settings = { token: discord.botToken, channelId: discord.channelId, api: discord.url };
  const bad = [{ token: 'wrong-but-secret' }, { channelId: '1' }, { api: 'http://127.0.0.1:1/api' }];
  return {
    channel: createDiscordBotChannel(settings, undefined, timeout),
    arrived: () => discord.messages.map(({ payload }) => JSON.stringify(payload)),
    reference: ({ messageId }) => ({
      found: discord.messages[1]?.payload.message_reference,
      expected: { message_id: messageId, fail_if_not_exists: false },
    }),
    faults: faultsOf(discord),
    bad: bad.map((wrong) => createDiscordBotChannel({ ...settings, ...wrong }, undefined, timeout)),
    secrets: [discord.botToken, 'wrong-but-secret'],
  };
}
