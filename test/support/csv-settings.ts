import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createDemoSource } from '../../src/demo/source.ts';
import { runCli } from './cli.ts';
import { startDiscord } from './discord-server.ts';
import { startSmtp } from './smtp-server.ts';
import { temporaryFolder, useStandIn } from './temporary.ts';

/** A folder of CSV files that end with `to`, and the settings to use it. */
export async function csvSettings(to = '2025-09-18'): Promise<Record<string, string>> {
  const folder = temporaryFolder();
  for (const symbol of ['^RUT', '^GSPC']) {
    const { bars } = await createDemoSource().read(symbol, undefined, Date.parse(`${to}T23:00:00Z`));
    const rows = bars.map(({ session, close }) => `${session},${close}`);
    writeFileSync(join(folder, `${symbol}.csv`), ['session,close', ...rows, ''].join('\n'));
  }
  return {
    MARKET_SOURCE: 'csv',
    MARKET_CSV_DIR: folder,
    DATABASE_PATH: join(folder, 'market.db'),
    OUTBOX_DIR: join(folder, 'outbox'),
  };
}

/** The same with a Discord and a mail server that stand in, after a first check. */
export async function onlineSettings() {
  const discord = await useStandIn(startDiscord());
  const smtp = await useStandIn(startSmtp());
  const env = {
    ...(await csvSettings()),
    DISCORD_WEBHOOK_URL: discord.webhookUrl,
    DISCORD_API_URL: discord.url,
    DISCORD_MENTION: '<@&123>',
    SMTP_URL: smtp.url,
    EMAIL_FROM: 'bell@example.com',
    EMAIL_TO: 'ann@example.com,bob@example.com',
  };
  await runCli(['check'], env);
  return { discord, smtp, env };
}
