import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { replay } from '../../src/analysis/replay.ts';
import type { App } from '../../src/app/app.ts';
import { openApp } from '../../src/app/open.ts';
import { readClosesOfAll } from '../../src/ingest/read.ts';
import type { Close } from '../../src/market/close.ts';
import type { KnownClose } from '../../src/market/known-close.ts';
import { loadSettings } from '../../src/settings/settings.ts';
import { runCli } from '../support/cli.ts';
import { writeCloses } from '../support/closes-folder.ts';
import { temporaryFolder } from '../support/temporary.ts';

const ROOT = join(import.meta.dirname, '../..');
const REAL = join(ROOT, '../shared/market-data');
const NOW = '2026-01-05T22:00:00.000Z';

/** The events of docs/architecture.md, "Facts to reproduce" that lie within the closes of the source. */
const EVENTS = [
  '1989-07-31',
  '1991-10-16',
  '1995-05-16',
  '1999-12-29',
  '2004-04-05',
  '2011-04-27',
  '2013-01-02',
  '2016-11-14',
  '2020-11-13',
  '2025-09-18',
];

let demoCloses = '';
beforeAll(async () => {
  demoCloses = mkdtempSync(join(tmpdir(), 'breakout-bell-'));
  await writeCloses(demoCloses, '2025-12-31');
});
afterAll(() => rmSync(demoCloses, { recursive: true }));

async function openWith(folder: string): Promise<App> {
  const settings = loadSettings(ROOT, {
    MARKET_SOURCE: 'csv',
    MARKET_CSV_DIR: folder,
    DATABASE_PATH: join(temporaryFolder(), 'market.db'),
  });
  const app = await openApp(settings, {
    now: () => Date.parse(NOW),
    sleep: async () => {},
    random: () => 0.5,
    progress: () => {},
  });
  onTestFinished(() => app.close());
  await readClosesOfAll(app);
  return app;
}

async function live(app: App, from: string, to?: string) {
  const [signal] = app.settings.signals;
  if (signal === undefined) throw new Error('there is no signal');
  const folder = temporaryFolder();
  return { folder, result: await replay(app, signal, { from, to, folder }) };
}

/** Puts other closes in the place of stored ones, as if they had been read at first. */
async function plant(app: App, symbol: string, ...closes: Close[]): Promise<void> {
  const changed = closes.map(
    (close): KnownClose => ({ ...close, state: 'settled', firstReadAt: NOW, readAt: NOW, held: null }),
  );
  await app.closes.store(symbol, { changed, revisions: [] });
}

describe('a replay', () => {
  test('tells each event on its evening, follows it up, and ends as the study does', async () => {
    const { folder, result } = await live(await openWith(demoCloses), '2011-01-03', '2013-06-28');
    expect(result?.events).toEqual(['russell-2000/2011-04-27', 'russell-2000/2013-01-02']);
    expect(result?.messages.map(({ id, createdAt }) => [id, createdAt.slice(0, 10)])).toEqual([
      ['russell-2000/2011-04-27/alert', '2011-04-27'],
      ['russell-2000/2011-04-27/follow-up-1', '2011-05-27'],
      ['russell-2000/2011-04-27/follow-up-3', '2011-07-27'],
      ['russell-2000/2011-04-27/follow-up-6', '2011-10-27'],
      ['russell-2000/2011-04-27/follow-up-12', '2012-04-27'],
      ['russell-2000/2013-01-02/alert', '2013-01-02'],
      ['russell-2000/2013-01-02/follow-up-1', '2013-02-04'],
      ['russell-2000/2013-01-02/follow-up-3', '2013-04-02'],
    ]);
    expect(result?.differences).toEqual([]);
    expect(result).toMatchObject({ from: '2011-01-03', to: '2013-06-28' });
    const alert = readFileSync(join(folder, '2011-04-27-russell-2000-alert.txt'), 'utf8');
    expect(alert).toContain('higher a year later in 6 of 7');
    expect(readdirSync(folder).filter((name) => name.endsWith('.txt'))).toHaveLength(8);
  });

  test('sees nothing of the future: planted closes after its end change no figure and no word', async () => {
    const app = await openWith(demoCloses);
    const { result: honest } = await live(app, '2012-10-01', '2013-04-02');
    for (const [symbol, factor] of [
      ['^RUT', 3],
      ['^GSPC', 0.2],
    ] as const) {
      const future = app.closes.accepted(symbol).filter(({ session }) => session > '2013-04-02');
      await plant(app, symbol, ...future.map(({ session, close }) => ({ session, close: close * factor })));
    }
    const { result: planted } = await live(app, '2012-10-01', '2013-04-02');
    expect(planted).toEqual(honest);
    expect(planted?.messages).toHaveLength(3);
    // The future within the span is planted too: what was told before it stands.
    const { result: longer } = await live(app, '2012-10-01', '2013-05-31');
    expect(longer?.messages.slice(0, 3)).toEqual(honest?.messages);
  });

  test('names each event that only one of both knows', async () => {
    const app = await openWith(demoCloses);
    // The life holds a close of twice its neighbours for ever; the study of what is stored takes it for a record.
    await plant(app, '^RUT', { session: '2012-12-03', close: 1700 });
    const { result } = await live(app, '2012-10-01', '2013-02-28');
    expect(result?.events).toEqual(['russell-2000/2013-01-02']);
    expect(result?.differences).toEqual([
      'russell-2000/2012-12-03 is an event of the study and was not told',
      'russell-2000/2013-01-02 was told and is no event of the study',
    ]);
  });

  test('has nothing to live through outside of the closes', async () => {
    const { result } = await live(await openWith(demoCloses), '2030-01-01');
    expect(result).toBeUndefined();
  });

  test.skipIf(!existsSync(REAL))(
    'of the real closes from 1987 to 2025 finds the events of the article (skipped where ../shared/market-data is absent)',
    async () => {
      const { result } = await live(await openWith(REAL), '1987-09-10');
      expect(result?.events).toEqual(EVENTS.map((session) => `russell-2000/${session}`));
      expect(result?.differences).toEqual([]);
      expect(result?.sessions).toBe(9651);
      const told = result?.messages.find(({ id }) => id === 'russell-2000/2025-09-18/alert')?.figures;
      // docs/architecture.md, "Facts to reproduce": 11 earlier occasions, higher in 10, mean +12.66%, median
      expect(told).toMatchObject({
        'higher a year later': '10 of 11',
        mean: '+12.7%',
        median: '+14.5%',
        p: '0.28',
        'any day: higher a year later': '78.5%',
      });
    },
  );
});

describe('npm run replay', () => {
  const environment = () => {
    const folder = temporaryFolder();
    return {
      MARKET_SOURCE: 'csv',
      MARKET_CSV_DIR: demoCloses,
      DATABASE_PATH: join(folder, 'market.db'),
      TMPDIR: folder,
    };
  };

  test('reads what is missing, shows each message, and leaves the ledger alone', async () => {
    const env = environment();
    const { code, out } = await runCli(['replay', '--from', '2013-01-02', '--to', '2013-02-04'], env);
    expect(code).toBe(0);
    expect(out).toContain('── Wednesday, 2 Jan 2013 ── russell-2000/2013-01-02/alert');
    expect(out).toContain('higher a year later in 7 of 8 (any day: 76%)');
    expect(out).toContain('Replayed 23 sessions, 2 Jan 2013 to 4 Feb 2013: 1 event, 2 messages.');
    expect(out).toContain('finds the same events and the same figures');
    const status = await runCli(['status', '--json'], env);
    expect(JSON.parse(status.out).deliveries).toEqual([]);
  });

  test('--json is one document', async () => {
    const { code, out } = await runCli(
      ['replay', '--from', '2013-01-02', '--to', '2013-01-31', '--json'],
      environment(),
    );
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      signal: 'russell-2000',
      from: '2013-01-02',
      to: '2013-01-31',
      sessions: 21,
      events: ['russell-2000/2013-01-02'],
      messages: [{ id: 'russell-2000/2013-01-02/alert' }],
      differences: [],
    });
  });

  test('ends with 1 where life and study differ, or there is nothing to live, and with 2 for a span that ends before it begins', async () => {
    const env = environment();
    const empty = await runCli(['replay', '--to', '1970-01-01'], env);
    expect(empty.code).toBe(1);
    expect(empty.err).toContain('There are no closes of ^RUT to replay to 1 Jan 1970.');
    const backwards = await runCli(['replay', '--from', '2014-01-01', '--to', '2013-01-01'], env);
    expect(backwards.code).toBe(2);
    expect(backwards.err).toContain("--from is '2014-01-01'; allowed: a date up to --to, 2013-01-01");
    const app = await openApp(loadSettings(ROOT, env), {
      now: Date.now,
      sleep: async () => {},
      random: () => 0.5,
      progress: () => {},
    });
    await plant(app, '^RUT', { session: '2012-12-03', close: 1700 });
    app.close();
    const differs = await runCli(['replay', '--from', '2012-11-01', '--to', '2013-01-31'], env);
    expect(differs.code).toBe(1);
    expect(differs.out).toContain('russell-2000/2012-12-03 is an event of the study and was not told');
  });
});
