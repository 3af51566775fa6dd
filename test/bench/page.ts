import { join } from 'node:path';
import { chartFacts } from '../../src/app/chart-facts.ts';
import { openApp } from '../../src/app/open.ts';
import { drawPicture } from '../../src/app/pictures.ts';
import { signalCloses } from '../../src/app/signal-closes.ts';
import { createSite, listen } from '../../src/dashboard/server.ts';
import { loadSettings } from '../../src/settings/settings.ts';
import { CHROMIUM, launch } from '../support/chromium.ts';
import { settingsBelow } from './commands.ts';
import { type Figure, timeAsync } from './figures.ts';

const ROOT = join(import.meta.dirname, '../..');

/** The page over the database that the commands have filled: its HTML, its pictures, and until it is drawn. */
export async function page(folder: string): Promise<Figure[]> {
  const settings = loadSettings(ROOT, settingsBelow(folder));
  const now = () => Date.parse('2026-01-05T00:00:00Z');
  const app = await openApp(settings, { now, sleep: async () => {}, random: () => 0.5, progress: () => {} });
  const [signal] = settings.signals;
  const charts = signal && chartFacts(settings, signal, signalCloses(app, signal));
  if (charts === undefined) throw new Error('there are no closes');
  const site = createSite(app);
  const server = await listen(site, { host: '127.0.0.1', port: 0 });
  try {
    return [
      await timeAsync('page, HTML', async () => (await site.request('/')).text()),
      await timeAsync('both pictures', async () => {
        for (const name of ['record', 'outcomes'] as const) await drawPicture(name, charts);
      }),
      ...(await drawn(server.url)),
    ];
  } finally {
    await server.close();
    app.close();
  }
}

/** Until both charts are drawn, in a browser that is open already, from the request on; nothing where there is none. */
async function drawn(url: string): Promise<Figure[]> {
  if (CHROMIUM === undefined) return [];
  const browser = await launch();
  try {
    const tab = await browser.newPage();
    return [
      await timeAsync('page, both charts drawn in chromium', async () => {
        await tab.goto(url);
        await tab.waitForSelector('html[data-charts=drawn]');
      }),
    ];
  } finally {
    await browser.close();
  }
}
