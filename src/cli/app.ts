import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { App } from '../app/app.ts';
import { IS_PACKAGE } from '../message/command-line.ts';
import { homeFolder } from '../settings/places.ts';
import type { Settings } from '../settings/settings.ts';
import { keepSecret, note } from './output.ts';

/** The folder of settings and data. @throws {SettingsError} */
export function home(): string {
  return homeFolder(process.env);
}

let settings: Settings | undefined;

/** Where the database lies, as far as the settings are read. */
export function databasePath(): string {
  return settings?.databasePath ?? 'the database';
}

/** Reads the settings, and does what must be done before anything else: hide secrets, say remarks, use the proxy. */
export async function readSettings(): Promise<Settings> {
  const { loadSettings } = await import('../settings/settings.ts');
  const folder = home();
  settings = loadSettings(folder, process.env);
  keepSecret(settings.secrets);
  settings.remarks.forEach(note);
  if (isByChance(folder, settings)) {
    const { databasePath: path } = settings;
    note(
      `${folder} has no .env and no ledger yet: one begins in ${dirname(path)}. BREAKOUT_BELL_HOME names another folder.`,
    );
  }
  if (settings.proxy !== undefined) {
    const { useProxy } = await import('../settings/proxy.ts');
    if (useProxy(settings.proxy) === undefined) {
      note(`HTTPS_PROXY is ignored: Node ${process.versions.node} does not support it; use Node 24.14 or newer.`);
    }
  }
  return settings;
}

/** Whether the current folder may be the wrong one: the package from npm is called from anywhere. */
function isByChance(folder: string, { databasePath: path, postgres }: Settings): boolean {
  const isNamed = (process.env.BREAKOUT_BELL_HOME ?? '') !== '';
  return IS_PACKAGE && !isNamed && postgres === undefined && !existsSync(join(folder, '.env')) && !existsSync(path);
}

/** Opens the app for one command, which gives the exit code, and closes it whatever happens. */
export async function withApp(run: (app: App) => Promise<number>): Promise<void> {
  const settings = await readSettings();
  const { openApp } = await import('../app/open.ts');
  const { realRuntime } = await import('../app/runtime.ts');
  const app = await openApp(settings, realRuntime(note));
  try {
    process.exitCode = await run(app);
  } finally {
    app.close();
  }
}
