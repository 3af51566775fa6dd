import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chartFacts } from '../../src/chart-facts.ts';
import { createApp, listen } from '../../src/dashboard/server.ts';
import { createDemoSource } from '../../src/demo/source.ts';
import { signalCloses } from '../../src/evaluate.ts';
import { readCloses } from '../../src/market/csv.ts';
import { judge } from '../../src/market/sanity.ts';
import { alignTable } from '../../src/message/text-table.ts';
import { drawPicture } from '../../src/pictures.ts';
import { demoSettings, loadSettings } from '../../src/settings.ts';
import { createClosesStore } from '../../src/store/closes.ts';
import { openDatabase } from '../../src/store/database.ts';
import { historyOf } from '../../src/study/signal-closes.ts';
import { study } from '../../src/study/study.ts';
import { openWorld } from '../../src/world.ts';
import { CHROMIUM, launch } from '../support/chromium.ts';

const ROOT = join(import.meta.dirname, '../..');
const NOW = Date.parse('2026-01-05T00:00:00Z');
const RUNS = 11;

interface Figure {
  readonly name: string;
  /** Median over the runs, milliseconds. */
  readonly ms: number;
  /** Peak memory, MB; null where it was not a process of its own. */
  readonly megabytes: number | null;
}

/** Times what people wait for, on the demo's two full series. Prints a table and writes bench.json. */
async function bench(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'breakout-bell-bench-'));
  try {
    const figures = [
      await commandLine(folder, 'check', '--offline'),
      await commandLine(folder, 'study'),
      await daemon(folder),
      ...(await inProcess(folder)),
      ...(await page(folder)),
    ];
    const columns = (['Measured', 'Median ms', 'Peak MB'] as const).map((title, column) => ({
      title,
      align: column === 0 ? ('left' as const) : ('right' as const),
      essential: true,
    }));
    const rows = figures.map(({ name, ms, megabytes }) => [name, ms.toFixed(1), megabytes?.toFixed(0) ?? '']);
    for (const line of alignTable({ columns, rows })) process.stdout.write(`${line}\n`);
    writeFileSync(join(ROOT, 'bench.json'), `${JSON.stringify(figures, null, 2)}\n`);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** A command from start to end, as a person or a script calls it. */
async function commandLine(folder: string, ...args: string[]): Promise<Figure> {
  for (const symbol of ['^RUT', '^GSPC']) {
    const { bars } = await createDemoSource().read(symbol, undefined, NOW);
    const rows = bars.map(({ session, close }) => `${session},${close}`);
    writeFileSync(join(folder, `${symbol}.csv`), `session,close\n${rows.join('\n')}\n`);
  }
  const tellMemory =
    'data:text/javascript,process.on("exit",()=>process.stderr.write("maxrss "+process.resourceUsage().maxRSS))';
  const env = { ...process.env, ...settingsBelow(folder) };
  const run = (memory: boolean) => {
    const began = performance.now();
    const flags = memory ? ['--import', tellMemory] : [];
    const { status, stderr } = spawnSync(process.execPath, [...flags, join(ROOT, 'src/launch.js'), ...args], {
      env,
      encoding: 'utf8',
    });
    if (status !== 0) throw new Error(`${args.join(' ')} ended with ${status}: ${stderr}`);
    return { ms: performance.now() - began, kilobytes: Number(stderr.match(/maxrss (\d+)/)?.[1] ?? 0) };
  };
  run(false);
  const times = Array.from({ length: RUNS }, () => run(false).ms);
  return { name: args.join(' '), ms: middle(times), megabytes: run(true).kilobytes / 1000 };
}

/** The daemon over a filled database: how long until it is ready, and its memory once its first round is over. */
async function daemon(folder: string): Promise<Figure> {
  const env = { ...process.env, ...settingsBelow(folder), LOG_LEVEL: 'debug', DASHBOARD_PORT: '0' };
  const flags = ['--expose-gc', '--max-semi-space-size=1', '--no-opt', '--no-maglev'];
  const start = async () => {
    const began = performance.now();
    const child = spawn(process.execPath, [...flags, join(ROOT, 'src/launch.js'), 'start'], {
      env,
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    const exit = once(child, 'exit');
    await once(child, 'message');
    const ms = performance.now() - began;
    let log = '';
    for await (const chunk of child.stderr ?? []) {
      log += chunk;
      if (/"msg":"(round|check) done/.test(log)) break;
    }
    const rss = readFileSync(`/proc/${child.pid}/status`, 'utf8').match(/VmRSS:\s+(\d+)/)?.[1];
    child.kill('SIGTERM');
    await exit;
    return { ms, kilobytes: Number(rss) * 1.024 };
  };
  await start();
  const starts = [];
  for (let run = 0; run < RUNS; run++) starts.push(await start());
  return {
    name: 'start, until ready; its idle memory',
    ms: middle(starts.map(({ ms }) => ms)),
    megabytes: middle(starts.map(({ kilobytes }) => kilobytes)) / 1000,
  };
}

function settingsBelow(folder: string) {
  return {
    MARKET_SOURCE: 'csv',
    MARKET_CSV_DIR: folder,
    DATABASE_PATH: join(folder, 'market.db'),
    OUTBOX_DIR: folder,
  };
}

async function inProcess(folder: string): Promise<Figure[]> {
  const [signal] = demoSettings(ROOT, folder).signals;
  if (signal?.beforeHistory === undefined) throw new Error('the built-in signal is gone');
  const source = createDemoSource();
  const [index, benchmark] = await Promise.all(
    [signal.index, signal.benchmark].map((symbol) => source.read(symbol, undefined, NOW)),
  );
  if (index === undefined || benchmark === undefined) throw new Error('the demo has no closes');
  const closesOf = ({ bars }: typeof index) => bars.map(({ session, close }) => ({ session, close: close ?? 0 }));
  const closes = {
    before: readCloses(signal.beforeHistory.file),
    index: closesOf(index),
    benchmark: closesOf(benchmark),
  };
  let file = 0;
  return [
    time('study of the full history, warm', () => study(signal, historyOf(signal, closes), closes.benchmark)),
    time(`backfill of ${index.bars.length} closes into SQLite`, () => {
      const database = openDatabase(join(folder, `${file++}.db`));
      createClosesStore(database).store(signal.index, judge(index, [], 0.15, NOW));
      database.close();
    }),
  ];
}

/** The page over the database that the commands have filled: its HTML, its pictures, and until it is drawn. */
async function page(folder: string): Promise<Figure[]> {
  const settings = loadSettings(ROOT, settingsBelow(folder));
  const surroundings = { now: () => NOW, sleep: async () => {}, random: () => 0.5, progress: () => {} };
  const world = openWorld(settings, surroundings);
  const [signal] = settings.signals;
  const charts = signal && chartFacts(settings, signal, signalCloses(world, signal));
  if (charts === undefined) throw new Error('there are no closes');
  const app = createApp(world);
  const server = await listen(app, { host: '127.0.0.1', port: 0 });
  try {
    return [
      await timeAsync('page, HTML', async () => (await app.request('/')).text()),
      await timeAsync('both pictures', async () => {
        for (const name of ['record', 'outcomes'] as const) await drawPicture(name, charts);
      }),
      ...(await drawn(server.url)),
    ];
  } finally {
    await server.close();
    world.close();
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

async function timeAsync(name: string, task: () => Promise<unknown>): Promise<Figure> {
  const times: number[] = [];
  for (let run = 0; run < RUNS; run++) {
    const began = performance.now();
    await task();
    times.push(performance.now() - began);
  }
  return { name, ms: middle(times), megabytes: null };
}

function time(name: string, task: () => unknown): Figure {
  const times = Array.from({ length: RUNS }, () => {
    const began = performance.now();
    task();
    return performance.now() - began;
  });
  return { name, ms: middle(times), megabytes: null };
}

function middle(times: readonly number[]): number {
  return times.toSorted((a, b) => a - b)[times.length >> 1] ?? 0;
}

await bench();
