import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { App } from '../../src/app/app.ts';
import { labelsById } from '../../src/app/labels.ts';
import { openApp } from '../../src/app/open.ts';
import type { Runtime } from '../../src/app/runtime.ts';
import { check } from '../../src/check/check.ts';
import { reportLines } from '../../src/console/report.ts';
import { createSite } from '../../src/dashboard/server.ts';
import { doctor } from '../../src/health/doctor.ts';
import { readClosesOfAll } from '../../src/ingest/read.ts';
import { digest } from '../../src/jobs/digest.ts';
import { sessionsBetween } from '../../src/market/new-york.ts';
import { type Source, SourceError } from '../../src/market/source.ts';
import { renderText } from '../../src/render/text.ts';
import { loadSettings } from '../../src/settings/settings.ts';
import { rootWith } from '../support/root.ts';
import { temporaryFolder } from '../support/temporary.ts';

const NOW = Date.parse('2025-12-31T22:00:00Z');
const SESSIONS = sessionsBetween('2023-01-03', '2025-12-31');

/** A hundred signals on indices of their own; the record of each is its first close, more and more above its last. */
const SIGNALS = Array.from({ length: 100 }, (_, at) => ({
  id: `signal-${at}`,
  title: `Signal ${at}`,
  index: `SYM${at}`,
  benchmark: 'SYM0',
  quietYears: 1,
  horizons: [1, 12],
}));

const closeOf = (symbol: string, day: number) => 100 - (day === 0 ? 0 : 1 + Number(symbol.slice(3)) / 10);

interface Watched {
  readonly app: App;
  /** The symbols that were asked for, in order. */
  readonly asked: string[];
  readonly most: () => number;
  readonly slept: number[];
  readonly lines: string[];
}

async function watchList(
  runtime: Partial<Runtime> = {},
  path = join(temporaryFolder(), 'market.db'),
): Promise<Watched> {
  const [asked, slept, lines]: [string[], number[], string[]] = [[], [], []];
  let [now, most] = [0, 0];
  const source: Source = {
    name: 'yahoo',
    needsNetwork: true,
    read: async (symbol) => {
      asked.push(symbol);
      most = Math.max(most, ++now);
      await new Promise((resolve) => setImmediate(resolve));
      now--;
      return { symbol, bars: SESSIONS.map((session, day) => ({ session, close: closeOf(symbol, day) })) };
    },
  };
  const app = await openApp(loadSettings(rootWith(SIGNALS), { DATABASE_PATH: path, OUTBOX_DIR: temporaryFolder() }), {
    now: () => NOW,
    sleep: async (ms) => void slept.push(ms),
    random: () => 0.5,
    progress: (line) => void lines.push(line),
    draw: async () => [],
    source,
    ...runtime,
  });
  onTestFinished(() => app.close());
  return { app, asked, most: () => most, slept, lines };
}

describe('a long watch list', () => {
  test('is read four at a time, with a pause between requests, and says how far it is', async () => {
    const { app, asked, most, slept, lines } = await watchList();
    expect((await readClosesOfAll(app)).problems).toEqual([]);
    expect(new Set(asked).size).toBe(100);
    expect(most()).toBe(4);
    // Four at a time and 400 ms each: at most ten in a second.
    expect(slept.filter((ms) => ms === 400)).toHaveLength(100);
    expect(lines.filter((line) => line.includes('of 100 symbols read'))).toEqual(
      [10, 20, 30, 40, 50, 60, 70, 80, 90, 100].map((done) => `${done} of 100 symbols read`),
    );
  });

  test('that is stopped is gone on with where it was: what was read longest ago comes first', async () => {
    const stopping = new AbortController();
    const path = join(temporaryFolder(), 'market.db');
    const first = await watchList(
      { stopping: stopping.signal, sleep: async () => void (first.asked.length >= 40 && stopping.abort()) },
      path,
    );
    const { problems } = await readClosesOfAll(first.app);
    const read = first.asked.length;
    expect(read).toBeLessThan(50);
    expect(problems).toEqual([`stopped after ${read} of 100 symbols; the next run starts with the others`]);
    const second = await watchList({ now: () => NOW + 60_000 }, path);
    expect((await readClosesOfAll(second.app)).problems).toEqual([]);
    expect(second.asked.slice(0, 100 - read).filter((symbol) => first.asked.includes(symbol))).toEqual([]);
  });

  test('goes on when some of it cannot be read, and names each', async () => {
    const { app } = await watchList();
    const { source } = app;
    const broken: App = {
      ...app,
      source: {
        ...source,
        read: async (symbol, from, now) => {
          if (symbol.endsWith('7')) throw new SourceError(`${symbol}: no answer`);
          return source.read(symbol, from, now);
        },
      },
    };
    const { problems, readSessions: fresh } = await readClosesOfAll(broken);
    expect(problems).toHaveLength(10);
    expect(problems).toContain('SYM17: no answer');
    expect(fresh.size).toBe(90);
  });

  test('is evaluated whole, each signal with its own state, and fires each of its events once', async () => {
    const { app } = await watchList();
    const run = async () => {
      const report = await check(app, { offline: false, command: 'test' });
      if ('skipped' in report) throw new Error(report.skipped);
      return report;
    };
    const report = await run();
    expect(report.signals).toHaveLength(100);
    expect(
      report.signals.every(({ state, quietSessions }) => state === 'armed' && quietSessions === SESSIONS.length - 1),
    ).toBe(true);
    const lines = reportLines(report, labelsById(app));
    // One table, the nearest to its record first: 99.00 to 100 is 1.01%.
    expect(lines[0]).toMatch(/^Signal +Close +Session +State +To record +Record +Of$/);
    expect(lines[1]).toMatch(/^Signal 0 +99\.00 +31 Dec 2025 +armed +\+1\.01% +100\.00 +3 Jan 2023$/);
    expect(lines.indexOf('')).toBe(101);
    await app.closes.store('SYM5', {
      changed: [
        {
          session: '2025-12-31',
          close: 101,
          state: 'revised',
          firstReadAt: '2025-12-31T22:00:00.000Z',
          readAt: '2025-12-31T22:00:00.000Z',
          held: null,
        },
      ],
      revisions: [],
    });
    const offline = { offline: true, command: 'test' };
    expect(await check(app, offline)).toMatchObject({ fired: ['signal-5/2025-12-31'] });
    expect(await check(app, offline)).toMatchObject({ fired: [] });
  });

  test('has a digest of the ten that are nearest to an event, and says how many there are more', async () => {
    const { app } = await watchList();
    await check(app, { offline: false, command: 'test' });
    const { facts, posting } = await digest(app, true);
    expect(facts.signals).toHaveLength(100);
    const text = renderText({ message: posting.message, repeat: false, refersTo: null });
    expect(posting.message.title).toBe('All is well: Signal 0 armed, +1.01% to the record and 99 other signals');
    expect(text.replace(/\s+/g, ' ')).toContain('90 more signals further from an event: npm run status.');
    expect(text).toContain('SYM9');
    expect(text).not.toContain('SYM10');
  });

  test('has a page that shows where each stands, the nearest first, and leads to the others', async () => {
    const { app } = await watchList();
    await check(app, { offline: false, command: 'test' });
    const html = await (await createSite(app).request('/?signal=signal-3')).text();
    expect(html).toContain('<strong aria-current="page">Signal 3</strong>');
    expect(html).toContain('<a href="/?signal=signal-0">Signal 0</a>');
    expect(html.match(/<a href="\/\?signal=signal-\d+">/g)).toHaveLength(49);
    expect(html).toContain('And 50 signals further from an event.');
    const refused = await createSite(app).request('/?signal=nope');
    expect(refused.status).toBe(400);
    expect(await refused.text()).toContain('signal-9 and 90 more');
  });

  test('is looked at by the doctor four at a time, with a line for those that are not well', async () => {
    const folder = temporaryFolder();
    for (const { index } of SIGNALS.slice(1)) {
      const rows = SESSIONS.map((session, day) => `${session},${closeOf(index, day)}`);
      writeFileSync(join(folder, `${index}.csv`), `session,close\n${rows.join('\n')}\n`);
    }
    const root = rootWith(SIGNALS);
    const settings = loadSettings(root, {
      MARKET_SOURCE: 'csv',
      MARKET_CSV_DIR: folder,
      DATABASE_PATH: join(folder, 'market.db'),
      OUTBOX_DIR: folder,
    });
    const runtime = { now: () => NOW, sleep: async () => {}, random: () => 0.5, progress: () => {} };
    const findings = await doctor(settings, runtime, root);
    expect(findings.map(({ ok, what }) => [ok, what])).toEqual([
      [true, 'settings'],
      [true, 'database'],
      [false, 'csv'],
      [false, 'csv'],
      [true, 'folder'],
      [true, 'page'],
    ]);
    expect(findings[2]?.text).toBe('99 of 100 symbols can be read');
    expect(findings[3]?.text).toContain('SYM0: there is no ');
    expect(findings[1]?.text).toContain('it has closes of 0 of 100 symbols');
  });
});
