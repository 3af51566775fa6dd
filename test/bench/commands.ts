import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Figure, middle, RUNS } from './figures.ts';
import { pandasProcessMs } from './pandas.ts';

const ROOT = join(import.meta.dirname, '../..');

/** The settings of a database and its closes in one folder. */
export function settingsBelow(folder: string) {
  return {
    MARKET_SOURCE: 'csv',
    MARKET_CSV_DIR: folder,
    DATABASE_PATH: join(folder, 'market.db'),
    OUTBOX_DIR: folder,
  };
}

/** A command from start to end, as a person or a script calls it. */
export function commandLine(folder: string, ...args: string[]): Figure {
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
  const pandasMs = args[0] === 'check' ? pandasProcessMs('check', folder, RUNS) : undefined;
  return {
    name: args.join(' '),
    ms: middle(times),
    megabytes: run(true).kilobytes / 1000,
    ...(pandasMs === undefined ? {} : { pandasMs }),
  };
}

/** What npm run check gives its process. */
const FLAGS = ['--max-semi-space-size=8'];

/** A task of task.ts in a process of its own. */
export function ownProcess(task: string, folder: string, number?: number): { ms: number; megabytes: number } {
  const script = join(import.meta.dirname, 'task.ts');
  const args = [...FLAGS, script, task, folder, ...(number === undefined ? [] : [String(number)])];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${task} ended with ${status}: ${stderr}`);
  return JSON.parse(stdout);
}

/** What npm start gives its process. */
export const DAEMON_FLAGS = ['--expose-gc', '--max-semi-space-size=1', '--no-opt', '--no-maglev'];

/** The daemon over a filled database: how long until it is ready, and its memory once its first round is over. */
export async function daemon(folder: string): Promise<Figure> {
  const env = { ...process.env, ...settingsBelow(folder), LOG_LEVEL: 'debug', DASHBOARD_PORT: '0' };
  const start = async () => {
    const began = performance.now();
    const child = spawn(process.execPath, [...DAEMON_FLAGS, join(ROOT, 'src/launch.js'), 'start'], {
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
