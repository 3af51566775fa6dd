import { writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { runCli } from '../../support/cli.ts';
import { csvSettings, onlineSettings } from '../../support/csv-settings.ts';
import { startHeartbeat } from '../../support/heartbeat-server.ts';
import { useStandIn } from '../../support/temporary.ts';

describe('doctor', () => {
  test('the doctor looks at everything, sends nothing and hides secrets', async () => {
    const { discord, smtp, env } = await onlineSettings();
    const heartbeat = await useStandIn(startHeartbeat());
    const good = await runCli(['doctor'], { ...env, HEARTBEAT_URL: heartbeat.url });
    expect(good.out).toMatch(/^ok {4}heartbeat: answers as a heartbeat service does; \/start was sent/m);
    expect(heartbeat.calls).toEqual(['start']);
    expect(good.out).toMatch(/^ok {4}database: .* 9,579 closes of \^RUT to 18 Sep 2025/m);
    expect(good.out).toMatch(/^ok {4}csv: \^RUT: newest close 2,467.70 of 18 Sep 2025, [\d,]+ sessions behind$/m);
    expect(good.out).toMatch(/^ok {4}discord-webhook: webhook /m);
    expect(good.out).toMatch(/^ok {4}email:ann@example.com: .* accepts the login, and mail to ann@example.com/m);
    expect(good.code).toBe(0);
    const bad = await runCli(['doctor'], {
      ...env,
      SMTP_URL: smtp.url.replace('secret', 'wrongpass'),
      DISCORD_WEBHOOK_URL: discord.webhookUrl.replace(discord.token, 'wrongtoken'),
      HEARTBEAT_URL: `${heartbeat.url}/elsewhere`,
    });
    expect(bad.out).toMatch(/^FAIL {2}heartbeat: HEARTBEAT_URL answers 'OK \(not found\)'; copy the address/m);
    expect(bad.out).toMatch(/^FAIL {2}discord-webhook: Discord does not know this webhook/m);
    expect(bad.out).toMatch(/^FAIL {2}email:ann@example.com: the mail server refused the login/m);
    expect(bad.out + bad.err).not.toMatch(/wrongpass|wrongtoken/);
    expect(discord.messages).toEqual([]);
    expect(smtp.messages).toEqual([]);
  });
});

test('the doctor looks at the rest when the database cannot be used', async () => {
  const env = await csvSettings();
  writeFileSync(
    env.DATABASE_PATH ?? '',
    'this is no database, but a text that is long enough to look like one '.repeat(20),
  );
  const { code, out } = await runCli(['doctor'], env);
  expect(out).toMatch(/^FAIL {2}database: .* is damaged or no database \(file is not a database\)\. .*$/m);
  expect(out).toMatch(/^ok {4}csv: \^GSPC: newest close/m);
  expect(out).toMatch(/^ok {4}folder: /m);
  expect(code).toBe(1);
});
