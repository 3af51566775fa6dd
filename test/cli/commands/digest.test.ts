import { existsSync, readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { runCli } from '../../support/cli.ts';
import { csvSettings } from '../../support/csv-settings.ts';
import { startDiscord } from '../../support/discord-server.ts';
import { useStandIn } from '../../support/temporary.ts';

describe('the digest', () => {
  test('is printed as text, or as one JSON document, and sends nothing', async () => {
    const env = await csvSettings('2025-09-17');
    await runCli(['check'], env);
    const { code, out } = await runCli(['digest'], env);
    expect(code).toBe(0);
    expect(out).toMatch(/^Needs attention: no daemon is running, and \d+ other problems\n=+\n/);
    expect(out).toMatch(/close\s+above\s+2,442.74\s+\(\+1.47%\)\s+rings\s+the\s+bell/);
    expect(out).toMatch(/^Id: digest\/\d{4}-\d{2}-\d{2}$/m);
    const json = JSON.parse((await runCli(['digest', '--json'], env)).out);
    expect(json).toMatchObject({
      id: expect.stringMatching(/^digest\//),
      ok: false,
      signals: [{ signal: 'russell-2000', state: { state: 'armed', close: 2407.34 } }],
      channels: [{ channel: 'folder', paused: null }],
      watching: false,
    });
    expect(existsSync(env.OUTBOX_DIR ?? '')).toBe(false);
  });

  test('is sent with --send, once', async () => {
    const env = await csvSettings('2025-09-17');
    await runCli(['check'], env);
    const first = await runCli(['digest', '--send'], env);
    expect(first).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^Delivery {4}digest\/[\d-]+ to folder: sent\n$/),
    });
    const again = await runCli(['digest', '--send'], env);
    expect(again.out).toMatch(/^digest\/[\d-]+ was sent before; channels that received it do not get it again\.\n/);
    expect(again.code).toBe(0);
    expect(readdirSync(env.OUTBOX_DIR ?? '').filter((name) => name.endsWith('.txt'))).toHaveLength(1);
  });

  test('with nobody to take it ends with 1 and says what to set', async () => {
    const discord = await useStandIn(startDiscord());
    const { OUTBOX_DIR: _, ...env } = await csvSettings('2025-09-17');
    const online = { ...env, DISCORD_WEBHOOK_URL: discord.webhookUrl, DISCORD_API_URL: discord.url };
    const { code, out } = await runCli(['digest', '--send'], online);
    expect(code).toBe(1);
    expect(out).toContain('digest.channels in config/schedule.json');
    expect(discord.messages).toEqual([]);
  });
});
