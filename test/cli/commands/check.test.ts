import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { runCli } from '../../support/cli.ts';
import { csvSettings } from '../../support/csv-settings.ts';
import { startDiscord } from '../../support/discord-server.ts';
import { startSmtp } from '../../support/smtp-server.ts';
import { temporaryFolder, useStandIn } from '../../support/temporary.ts';
import { startYahoo } from '../../support/yahoo-server.ts';

describe('check', () => {
  test('prints one JSON document and nothing else with --json', async () => {
    const { code, out } = await runCli(['check', '--json'], await csvSettings());
    const report = JSON.parse(out);
    expect(code).toBe(0);
    expect(Object.keys(report)).toEqual(['asOf', 'signals', 'fired', 'deliveries', 'held', 'missing', 'paused']);
    expect(report).toMatchObject({ asOf: '2025-09-18', fired: [], deliveries: [], held: [] });
    expect(report.signals).toEqual([
      {
        signal: 'russell-2000',
        session: '2025-09-18',
        close: 2467.7,
        change: expect.closeTo(0.0251, 4),
        record: { session: '2025-09-18', close: 2467.7 },
        quietSessions: 0,
        state: 'recent record',
        toRecord: 0,
      },
    ]);
  });

  test('prints a summary that people read', async () => {
    const { code, out } = await runCli(['check'], await csvSettings('2025-09-17'));
    expect(code).toBe(0);
    expect(out).toContain('Russell 2000 (^RUT)\nClose       2,407.34 on Wednesday, 17 Sep 2025, +0.18% on the day\n');
    expect(out).toContain(
      'State       armed: a record close at the next session would be an event\nTo record   +1.47%\n',
    );
    expect(out).toContain('Record      2,442.74 on 8 Nov 2021, 967 sessions ago (3 years, 10 months and 9 days)\n');
    expect(out).toContain('Result      no new event, nothing to send\n');
    expect(out).toMatch(/Missing {5}\^RUT, \^GSPC: [\d,]+ sessions from 18 Sep 2025 to /);
  });

  test('fires once when the next close arrives, and the folder has it', async () => {
    const env = await csvSettings('2025-09-17');
    await runCli(['check'], env);
    writeFileSync(
      join(env.MARKET_CSV_DIR ?? '', '^RUT.csv'),
      'session,close\n2025-09-17,2407.34\n2025-09-18,2467.70\n',
    );
    const { code, out } = await runCli(['check', '--offline', '--json'], env);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      fired: ['russell-2000/2025-09-18'],
      deliveries: [{ message: 'russell-2000/2025-09-18/alert', channel: 'folder', state: 'sent', attempts: 1 }],
    });
    expect(readdirSync(env.OUTBOX_DIR ?? '').toSorted()).toEqual([
      '2025-09-18-russell-2000-alert-outcomes.png',
      '2025-09-18-russell-2000-alert-record.png',
      '2025-09-18-russell-2000-alert.html',
      '2025-09-18-russell-2000-alert.json',
      '2025-09-18-russell-2000-alert.txt',
    ]);
    expect(JSON.parse((await runCli(['check', '--json'], env)).out)).toMatchObject({ fired: [], deliveries: [] });
  });

  test('ends with 1 and one line when the source cannot be reached, and leaves no secret anywhere', async () => {
    const yahoo = await useStandIn(startYahoo());
    const discord = await useStandIn(startDiscord());
    const smtp = await useStandIn(startSmtp());
    yahoo.fault = () => ({ status: 404, body: '<html>blocked</html>' });
    const { code, out, err } = await runCli(['check'], {
      DATABASE_PATH: join(temporaryFolder(), 'market.db'),
      YAHOO_FINANCE_URL: yahoo.url,
      DISCORD_WEBHOOK_URL: discord.webhookUrl,
      DISCORD_API_URL: discord.url,
      SMTP_URL: smtp.url,
      EMAIL_FROM: 'bell@example.com',
      EMAIL_TO: 'ann@example.com',
    });
    expect(code).toBe(1);
    expect(out).toMatch(/^Problem {5}\^RUT: /m);
    expect(out + err).not.toContain(discord.token);
    expect(out + err).not.toContain('secret');
    expect(err).not.toContain('    at ');
  });
});
