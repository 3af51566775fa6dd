import { once } from 'node:events';
import { commandLine } from '../../message/command-line.ts';
import { plural } from '../../message/format.ts';
import { home, withApp } from '../app.ts';
import { print } from '../output.ts';
import { NAME, ownProcess, pm2Follows, pm2Itself, pm2MustDo } from './pm2.ts';

/** What else can be done with the daemon under pm2 than to start it. */
export type Action = 'stop' | 'logs' | 'status';

/** Carries out what is asked of the daemon under pm2, if it is the one of this folder. */
export async function runBackground(action: Action | undefined): Promise<void> {
  if (action === undefined) {
    const { startBackground } = await import('./start.ts');
    process.exitCode = await startBackground();
  } else await { stop, logs: follow, status: tellStatus }[action]();
}

/** Carries out a command of pm2's: start at boot, rotation of the log. */
export async function runPm2(words: readonly string[]): Promise<void> {
  process.exitCode = await pm2Itself(home(), words);
}

/** Asks for no settings: a daemon must be stopped whatever they are. */
async function stop(): Promise<void> {
  const listed = await ownProcess(home());
  if (listed === undefined) return print('Nothing to stop: pm2 runs no daemon for this folder.');
  await pm2MustDo(home(), ['stop', NAME]);
  print(
    listed.pid === 0 ? 'Already stopped.' : `Stopped: process ${listed.pid}. ${commandLine('daemon')} starts it again.`,
  );
}

/** The end of the log, and what is added, until Ctrl-C. */
async function follow(): Promise<void> {
  const listed = await ownProcess(home());
  if (listed === undefined)
    return print(`There is no log: pm2 runs no daemon for this folder. To start one: ${commandLine('daemon')}`);
  const { default: pretty } = await import('pino-pretty');
  const shown = pretty({ singleLine: true, translateTime: 'SYS:yyyy-mm-dd HH:MM:ss', destination: process.stdout });
  const pm2 = pm2Follows(home(), ['logs', NAME, '--raw', '--lines', '50']);
  pm2.stdout?.pipe(shown, { end: false });
  pm2.stderr?.pipe(shown, { end: false });
  // Ctrl-C reaches both; whoever stops this one alone stops the other with it, and so does the end of its reader.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => pm2.kill(signal));
  process.stdout.once('error', () => pm2.kill());
  await once(pm2, 'exit');
}

/** How pm2 sees it, then what `status` says. */
async function tellStatus(): Promise<void> {
  const listed = await ownProcess(home());
  if (listed === undefined) print('pm2         runs no daemon for this folder');
  else {
    const { status, restart_time, pm_err_log_path } = listed.pm2_env;
    print(
      `pm2         ${status}${listed.pid === 0 ? '' : `, process ${listed.pid}`}, restarted ${plural(restart_time, 'time')}`,
    );
    print(`Log         ${pm_err_log_path}`);
  }
  print('');
  await withApp(async (app) => {
    const { runStatus } = await import('../commands/status.ts');
    return runStatus(app, {});
  });
}
