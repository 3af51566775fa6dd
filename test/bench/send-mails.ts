/*
 * The evening of an event with many addresses, in a process of its own: node send-mails.ts FOLDER PORT COUNT [signed]. Prints
 * how many were sent, the processor time of that once the pictures were drawn, and its peak memory in MB.
 */
import { generateKeyPairSync } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openApp } from '../../src/app/open.ts';
import { check } from '../../src/check/check.ts';
import { loadSettings } from '../../src/settings/settings.ts';
import { writeCloses } from '../support/closes-folder.ts';

const ROOT = join(import.meta.dirname, '../..');
const [folder = '', port = '', count = '', signed] = process.argv.slice(2);
const to = Array.from({ length: Number(count) }, (_, at) => `reader-${at}@example.com`);
const settings = loadSettings(ROOT, {
  MARKET_SOURCE: 'csv',
  MARKET_CSV_DIR: folder,
  DATABASE_PATH: join(folder, 'market.db'),
  SMTP_URL: `smtp://127.0.0.1:${port}?ignoreTLS=true`,
  EMAIL_FROM: 'Breakout Bell <bell@example.com>',
  EMAIL_TO: to.join(','),
  ...(signed === undefined ? {} : dkim()),
});

function dkim() {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const path = join(folder, 'dkim.pem');
  writeFileSync(path, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
  return { DKIM_DOMAIN: 'example.com', DKIM_SELECTOR: 'bell', DKIM_KEY_FILE: path };
}

async function evening(session: string) {
  await writeCloses(folder, session);
  const began = Date.parse(`${session}T20:45:00Z`) - performance.now();
  const app = await openApp(settings, {
    now: () => began + performance.now(),
    sleep: async () => {},
    random: () => 0.5,
    progress: () => {},
  });
  let drawn = process.cpuUsage();
  const draw: typeof app.draw = async (message) => {
    const pictures = await app.draw(message);
    drawn = process.cpuUsage();
    return pictures;
  };
  try {
    const report = await check({ ...app, draw }, { offline: false, command: 'bench' });
    if ('skipped' in report) throw new Error(report.skipped);
    return { deliveries: report.deliveries, cpu: process.cpuUsage(drawn) };
  } finally {
    app.close();
  }
}

await evening('2025-09-17');
const { deliveries, cpu } = await evening('2025-09-18');
const sent = deliveries.filter(({ state }) => state === 'sent').length;
process.stdout.write(
  JSON.stringify({ sent, cpuMs: (cpu.user + cpu.system) / 1000, megabytes: process.resourceUsage().maxRSS / 1000 }),
);
