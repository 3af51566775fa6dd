import { hostname } from 'node:os';
import { join, sep } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { App } from '../../app/app.ts';
import { openApp } from '../../app/open.ts';
import { realRuntime } from '../../app/runtime.ts';
import { watchLines } from '../../console/watching.ts';
import { portTrouble, whyNotListen } from '../../health/page-port.ts';
import { watchOf } from '../../health/watching.ts';
import { commandLine, IS_PACKAGE } from '../../message/command-line.ts';
import { accessLine } from '../../settings/page-access.ts';
import { PROGRAM_FOLDER } from '../../settings/places.ts';
import type { Settings } from '../../settings/settings.ts';
import { home, readSettings } from '../app.ts';
import { DID_NOT_WORK, DONE, note, print } from '../output.ts';
import { endOf, lastLines, saysWatching, writtenSince } from './log-tail.ts';
import { BackgroundError, isSamePlace, type Listed, NAME, ownProcess, pm2, pm2MustDo } from './pm2.ts';

/** pm2 waits until the daemon says that it is ready, or 15 s; then it gets so long, in milliseconds, on a slow machine. */
const READY_MS = 20_000;
const LOOK_MS = 500;

/**
 * Starts the daemon through pm2, or starts it again with the settings as they are now, once all that it needs is looked at.
 * @throws where a setting, the database or the port cannot be used; a daemon that runs is not touched then
 */
export async function startBackground(): Promise<number> {
  const settings = await readSettings();
  const before = await ownProcess(home());
  await checkPort(settings, before);
  // Last, as it may bring the database up to this version.
  await withOpen(settings, checkDatabase);
  const log = before?.pm2_env.pm_err_log_path;
  const end = log === undefined ? 0 : endOf(log);
  note(before === undefined ? 'Starting the daemon.' : 'Restarting the daemon; a check in progress may finish first.');
  await forgetOther(before);
  const began = Date.now();
  const started = await pm2(home(), ['startOrRestart', join(PROGRAM_FOLDER, 'ecosystem.config.js'), '--update-env']);
  return withOpen(settings, async (app) => {
    const process = await untilReady(app, { began, end });
    if (process === undefined) return tellFailure(end, started);
    await tellRunning(app, process);
    if (PROGRAM_FOLDER.includes(`${sep}_npx${sep}`)) {
      note('This is a copy of npx, which npm may remove under the daemon; to keep one: npm install -g breakout-bell');
    }
    return DONE;
  });
}

/** What pm2 restarts, it starts from where it lay before: another copy of the program would never run. */
async function forgetOther(before: Listed | undefined): Promise<void> {
  const program = join(PROGRAM_FOLDER, IS_PACKAGE ? 'dist' : 'src', 'launch.js');
  if (before !== undefined && !isSamePlace(before.pm2_env.pm_exec_path, program)) {
    await pm2MustDo(home(), ['delete', NAME]);
  }
}

async function withOpen<T>(settings: Settings, use: (app: App) => Promise<T>): Promise<T> {
  const app = await openApp(settings, realRuntime(note));
  try {
    return await use(app);
  } finally {
    app.close();
  }
}

async function checkDatabase({ ledger }: App): Promise<void> {
  const unsound = await ledger.unsoundness();
  if (unsound !== null) {
    throw new BackgroundError(
      `the database is damaged: ${unsound}; ${commandLine('daemon stop')}, then ${commandLine('restore')} FILE`,
    );
  }
}

async function checkPort({ dashboard }: Settings, running: Listed | undefined): Promise<void> {
  const own = running === undefined || running.pid === 0 ? [] : [running.pid];
  const trouble = await portTrouble(dashboard, own);
  if (trouble !== undefined) throw new BackgroundError(trouble);
  // Its own page may be what listens there.
  const refusal = own.length === 0 ? await whyNotListen(dashboard) : undefined;
  if (refusal !== undefined) throw new BackgroundError(refusal);
}

/** The process once it watches; undefined where it died or takes too long. */
async function untilReady(
  { ledger }: App,
  { began, end }: { readonly began: number; readonly end: number },
): Promise<Listed | undefined> {
  for (const until = performance.now() + READY_MS; performance.now() < until; await setTimeout(LOOK_MS)) {
    const listed = await ownProcess(home());
    if (listed === undefined) return undefined;
    const { pid, pm2_env } = listed;
    if (!['online', 'launching'].includes(pm2_env.status)) return undefined;
    if (pid === 0) continue;
    // A ledger that cannot be written, on a full disk, does not know it; its log may be set to hold no such words.
    const instances = await ledger.instances().catch(() => []);
    const isKnown = instances.some(
      (one) => one.pid === pid && one.host === hostname() && Date.parse(one.startedAt) >= began,
    );
    if (isKnown || saysWatching(writtenSince(pm2_env.pm_err_log_path, end), pid)) return listed;
  }
  return undefined;
}

async function tellRunning(app: App, { pid, pm2_env }: Listed): Promise<void> {
  const [daemon = '', ...standbys] = watchLines({ ...(await watchOf(app)), lastRun: null, troubles: [] });
  for (const line of [daemon, ...standbys]) print(line);
  print(`Started     process ${pid}, kept alive by pm2`);
  const { port } = app.settings.dashboard;
  print(
    `Page        ${port === 0 ? `on any free port: ${commandLine('daemon logs')} names it` : accessLine(app.settings.dashboard)}`,
  );
  print(`Log         ${pm2_env.pm_err_log_path} (${commandLine('daemon logs')})`);
}

async function tellFailure(end: number, { code, err }: Awaited<ReturnType<typeof pm2>>): Promise<number> {
  const listed = await ownProcess(home());
  const lines = listed === undefined ? [] : lastLines(writtenSince(listed.pm2_env.pm_err_log_path, end));
  if (lines.length === 0 && code !== 0) lines.push(...lastLines(err));
  note(`The daemon did not start. ${lines.length === 0 ? 'Its log is empty.' : 'The end of its log:'}`);
  for (const line of lines) note(`  ${line}`);
  note(`pm2 goes on trying to start it; ${commandLine('daemon stop')} ends that.`);
  return DID_NOT_WORK;
}
