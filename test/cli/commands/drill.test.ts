import { describe, expect, test } from 'vitest';
import { runCli } from '../../support/cli.ts';
import { onlineSettings } from '../../support/csv-settings.ts';

describe('drill', () => {
  test('a drill reaches every channel, labelled as one', async () => {
    const { discord, smtp, env } = await onlineSettings();
    const { code, out } = await runCli(['drill'], env);
    expect(out.match(/: sent$/gm)).toHaveLength(4);
    expect(code).toBe(0);
    expect(discord.messages[0]?.payload).toMatchObject({
      content: '<@&123> Drill, not an alert: Russell 2000',
      allowed_mentions: { parse: [], roles: ['123'] },
      embeds: [{ image: { url: 'attachment://record.png' } }, { image: { url: 'attachment://outcomes.png' } }],
    });
    expect(smtp.messages.map(({ subject }) => subject)).toEqual(Array(2).fill('Drill, not an alert: Russell 2000'));
  });

  test('a drill that fails ends with 1, says where, and is not sent by a later check', async () => {
    const { discord, smtp, env } = await onlineSettings();
    discord.fault = () => ({ status: 503 });
    const { code, out } = await runCli(['drill'], env);
    expect(code).toBe(1);
    expect(out).toContain('discord-webhook: failed (Discord answered HTTP 503)');
    discord.fault = undefined;
    await runCli(['check'], env);
    expect(discord.messages).toEqual([]);
    expect(smtp.messages).toHaveLength(2);
  });
});
