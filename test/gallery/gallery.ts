import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { App } from '../../src/app/app.ts';
import { openApp } from '../../src/app/open.ts';
import { drawPictures } from '../../src/app/pictures.ts';
import { thisProcess } from '../../src/app/this-process.ts';
import { answerTo } from '../../src/bot/answers.ts';
import { createDesk } from '../../src/bot/desk.ts';
import { check } from '../../src/check/check.ts';
import { createSite, listen } from '../../src/dashboard/server.ts';
import { createDemoSource } from '../../src/demo/source.ts';
import type { Message } from '../../src/message/message.ts';
import { buttonsUnder } from '../../src/render/discord-buttons.ts';
import { renderDiscord } from '../../src/render/discord-embed.ts';
import { renderHtml } from '../../src/render/email-html.ts';
import { demoSettings } from '../../src/settings/demo-settings.ts';
import { CHROMIUM, launch } from '../support/chromium.ts';
import { discordPage, type Post } from './discord-page.ts';

const ROOT = join(import.meta.dirname, '../..');
const GALLERY = join(ROOT, 'docs/gallery');
const EVENINGS = ['2025-09-17T20:45:00Z', '2025-09-18T20:45:00Z'].map((instant) => Date.parse(instant));
const ALERT = 'russell-2000/2025-09-18/alert';

/** Draws the pictures of the README from the demo: the two charts; in a browser the alert in Discord, the email, the page. */
async function gallery(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'breakout-bell-gallery-'));
  mkdirSync(GALLERY, { recursive: true });
  let app: App | undefined;
  try {
    for (const now of EVENINGS) {
      app?.close();
      app = await openApp(demoSettings(folder), {
        now: () => now,
        sleep: async () => {},
        random: () => 0.5,
        progress: () => {},
        source: createDemoSource(),
        draw: async () => [],
      });
      await check(app, { offline: true, command: 'check' });
    }
    if (app === undefined) throw new Error('the demo has no evening');
    await drawAll(app);
  } finally {
    app?.close();
    rmSync(folder, { recursive: true });
  }
}

async function drawAll(app: App): Promise<void> {
  const message = await app.ledger.message(ALERT);
  if (message === undefined) throw new Error('the demo has no alert');
  const pictures = (await drawPictures(app, message)) ?? [];
  for (const { name, png } of pictures) write(`${name}.png`, png);
  if (CHROMIUM === undefined) {
    process.stdout.write('Discord, email and page are not drawn: there is no /usr/bin/chromium\n');
    return;
  }
  const outgoing = { message, repeat: false, refersTo: null, pictures };
  const icon = readFileSync(join(ROOT, 'src/dashboard/icon.svg'), 'utf8');
  const server = await listen(createSite(app), { host: '127.0.0.1', port: 0 });
  const browser = await launch();
  try {
    const phone = await browser.newPage({ viewport: { width: 412, height: 600 }, deviceScaleFactor: 1.5 });
    await phone.setContent(
      discordPage([{ payload: renderDiscord(outgoing), pictures, buttons: labelsUnder(message) }], icon),
    );
    write('discord.png', await phone.screenshot({ fullPage: true }));
    const tab = await browser.newPage({ viewport: { width: 640, height: 800 }, deviceScaleFactor: 1.5 });
    await tab.setContent(discordPage(await answers(app), icon));
    write('commands.png', await tab.screenshot({ fullPage: true }));
    const source = ({ png }: { png: Uint8Array }) => `data:image/png;base64,${Buffer.from(png).toString('base64')}`;
    await tab.setContent(renderHtml(outgoing, source));
    write('email.png', await tab.screenshot({ clip: { x: 0, y: 0, width: 640, height: 1180 }, fullPage: true }));

    // As the daemon of the demo shows it.
    const startedAt = new Date(EVENINGS[0] ?? 0).toISOString();
    await app.ledger.lead({ ...thisProcess(), startedAt, seenAt: startedAt }, () => true);
    const page = await browser.newPage({ viewport: { width: 1100, height: 1060 } });
    await page.goto(server.url);
    await page.waitForSelector('html[data-charts=drawn]');
    write('page.png', await page.screenshot());
  } finally {
    await browser.close();
    await server.close();
  }
}

/** What the bot answers to two commands. */
async function answers(app: App): Promise<Post[]> {
  const questions = [
    { command: 'asof', options: { date: '2025-09-17' } },
    { command: 'chart', options: { which: 'outcomes' } },
  ];
  return Promise.all(
    questions.map(async ({ command, options }) => {
      const answer = await answerTo(app, { command, options, by: 'ann', manager: false }, createDesk(app.now));
      const payload = renderDiscord({ ...answer, repeat: false, refersTo: null });
      const asked = `/${command} ${Object.values(options).join(' ')}`;
      return { payload, pictures: answer.pictures, asked };
    }),
  );
}

function labelsUnder(message: Message): string[] {
  return buttonsUnder(message).flatMap(({ components }) =>
    components.flatMap((button) => ('label' in button ? (button.label ?? []) : [])),
  );
}

function write(name: string, bytes: Uint8Array): void {
  const path = join(GALLERY, name);
  writeFileSync(path, bytes);
  process.stdout.write(`${path}\n`);
}

await gallery();
