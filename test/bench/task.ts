/*
 * One task in a process of its own: node task.ts TASK FOLDER [NUMBER]. Prints its time in milliseconds and the peak memory of
 * the process in MB.
 */
import { join } from 'node:path';
import { replay } from '../../src/analysis/replay.ts';
import { openApp } from '../../src/app/open.ts';
import { check } from '../../src/check/check.ts';
import { readCloses } from '../../src/market/csv.ts';
import { loadSettings } from '../../src/settings/settings.ts';
import { fullStudy } from '../../src/study/full-study.ts';
import { historyOf } from '../../src/study/signal-closes.ts';
import { study } from '../../src/study/study.ts';
import { settingsBelow } from './commands.ts';
import { middle, RUNS } from './figures.ts';
import { makeWatchList, NOW } from './watch-list.ts';

const ROOT = join(import.meta.dirname, '../..');
const [task = '', folder = '', number = ''] = process.argv.slice(2);
const runtime = { now: () => NOW, sleep: async () => {}, random: () => 0.5, progress: () => {} };

/** The median of some runs, after some that warm up. */
function timed(runs: number, warm: number, work: () => unknown): number {
  for (let run = 0; run < warm; run++) work();
  const times = Array.from({ length: runs }, () => {
    const began = performance.now();
    work();
    return performance.now() - began;
  });
  return middle(times);
}

/** The built-in signal over the database and the files of the commands. */
function builtIn() {
  const settings = loadSettings(ROOT, settingsBelow(folder));
  const [signal] = settings.signals;
  if (signal?.beforeHistory === undefined) throw new Error('the built-in signal is gone');
  const [before, index, benchmark] = [
    readCloses(signal.beforeHistory.file),
    readCloses(join(folder, '^RUT.csv')),
    readCloses(join(folder, '^GSPC.csv')),
  ];
  return { settings, signal, closes: { before, index, benchmark } };
}

const TASKS: Readonly<Record<string, () => number | Promise<number>>> = {
  study: () => {
    const { signal, closes } = builtIn();
    return timed(10 * RUNS, 50, () => study(signal, historyOf(signal, closes), closes.benchmark));
  },
  'full-study': () => {
    const { signal, closes } = builtIn();
    return timed(RUNS, 3, () => fullStudy(signal, closes, undefined));
  },
  replay: async () => {
    const { settings, signal } = builtIn();
    const app = await openApp(settings, runtime);
    const began = performance.now();
    const result = await replay(app, signal, { folder: join(folder, 'replay') });
    const ms = performance.now() - began;
    app.close();
    if (result?.differences.length !== 0) throw new Error('the replay differs from the study');
    return ms;
  },
  backfill: () => makeWatchList(folder, Number(number)),
  night: async () => {
    const settings = loadSettings(folder, {
      DATABASE_PATH: join(folder, 'market.db'),
      OUTBOX_DIR: join(folder, 'outbox'),
      DATABASE_URL: process.env.DATABASE_URL,
    });
    const app = await openApp(settings, runtime);
    const began = performance.now();
    const report = await check(app, { offline: true, command: 'bench' });
    const ms = performance.now() - began;
    app.close();
    if ('skipped' in report || report.signals.length !== settings.signals.length) {
      throw new Error('not every signal was evaluated');
    }
    return ms;
  },
};

const ms = await TASKS[task]?.();
process.stdout.write(JSON.stringify({ ms, megabytes: process.resourceUsage().maxRSS / 1000 }));
