import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { runCli } from '../../support/cli.ts';
import { csvSettings, onlineSettings } from '../../support/csv-settings.ts';
import { startHeartbeat } from '../../support/heartbeat-server.ts';
import { temporaryFolder, useStandIn } from '../../support/temporary.ts';

describe('doctor', () => {
  test('the doctor looks at everything, sends nothing and hides secrets', async () => {
    const { discord, smtp, env } = await onlineSettings();
    const heartbeat = await useStandIn(startHeartbeat());
    const good = await runCli(['doctor'], { ...env, HEARTBEAT_URL: heartbeat.url });
    expect(good.out).toMatch(/^ok {4}heartbeat: answers like a heartbeat service \(tested with \/start/m);
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
  expect(out).toMatch(/^FAIL {2}database: .* is damaged or not a database \(file is not a database\)\. .*$/m);
  expect(out).toMatch(/^ok {4}csv: \^GSPC: newest close/m);
  expect(out).toMatch(/^ok {4}folder: /m);
  expect(code).toBe(1);
});

test('the doctor names the folder of CONFIG_DIR', async () => {
  const CONFIG_DIR = join(temporaryFolder(), 'config');
  cpSync(join(import.meta.dirname, '../../../config'), CONFIG_DIR, { recursive: true });
  const env = await csvSettings();
  expect((await runCli(['doctor'], { ...env, CONFIG_DIR })).out).toContain(`; configuration: ${CONFIG_DIR}; signals: `);
  expect((await runCli(['doctor'], { ...env, CONFIG_DIR: '/nowhere' })).out).toBe(
    'FAIL  settings: CONFIG_DIR: there is no folder /nowhere; create it with: cp -r config /nowhere\n',
  );
});

test('the doctor names every bad setting, and looks at nothing else', async () => {
  const env = {
    ...(await csvSettings()),
    LOG_LEVEL: 'loud',
    SMTP_URL: 'smtp://ann:pa#hush@h',
    EMAIL_FROM: 'x',
    EMAIL_TO: 'x',
  };
  const { code, out, err } = await runCli(['doctor'], env);
  expect(out.trimEnd().split('\n')).toEqual([
    expect.stringMatching(/^FAIL {2}settings: SMTP_URL has a character in user or password .* # is %23/),
    expect.stringMatching(/^FAIL {2}settings: EMAIL_FROM is 'x'/),
    expect.stringMatching(/^FAIL {2}settings: EMAIL_TO is 'x'/),
    expect.stringMatching(/^FAIL {2}settings: LOG_LEVEL is 'loud'; allowed: fatal/),
  ]);
  expect(out + err).not.toContain('hush');
  expect(code).toBe(2);
});

test('the doctor says that nobody will be told where no channel is set up', async () => {
  const { OUTBOX_DIR, ...env } = await csvSettings();
  const unset = await runCli(['doctor'], { ...env, OUTBOX_DIR: '' });
  expect(unset.out).toMatch(
    /^NOTE {2}channels: nobody will be alerted: no channel is set up, so messages only become files in /m,
  );
  const chosen = await runCli(['doctor'], { ...env, OUTBOX_DIR: OUTBOX_DIR ?? '' });
  expect(chosen.out).not.toContain('nobody will be alerted');
});
