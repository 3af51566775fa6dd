import { expect } from 'vitest';
import { createDiscordWebhookChannel } from '../../../src/channel/discord-webhook/transport.ts';
import { startDiscord } from '../../support/discord-server.ts';
import { useStandIn } from '../../support/temporary.ts';
import { conforms, type Stage } from '../conformance.ts';
import { faultsOf } from '../discord/faults.ts';

conforms({ id: 'discord-webhook', needsNetwork: true, start });

async function start(timeout: number): Promise<Stage> {
  const discord = await useStandIn(startDiscord());
  const settings = { id: discord.id, token: discord.token, threadId: undefined, api: discord.url };
  const bad = [{ token: 'wrong-but-secret' }, { api: 'http://127.0.0.1:1/api' }];
  return {
    channel: createDiscordWebhookChannel(settings, undefined, timeout),
    arrived: () => discord.messages.map(({ payload }) => JSON.stringify(payload)),
    reference: ({ channelId, messageId }) => ({
      found: discord.messages[1]?.payload.embeds?.[0]?.description,
      expected: expect.stringMatching(
        new RegExp(`\\(https://discord\\.com/channels/\\d+/${channelId}/${messageId}\\)$`),
      ),
    }),
    faults: faultsOf(discord),
    bad: bad.map((wrong) => createDiscordWebhookChannel({ ...settings, ...wrong }, undefined, timeout)),
    secrets: [discord.token, 'wrong-but-secret', discord.webhookUrl],
  };
}
