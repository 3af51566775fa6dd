import { statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { SettingsError } from '../channel/settings-error.ts';
import { IS_PACKAGE } from '../message/command-line.ts';

/** The folder of the program: a checkout, or the package that npm has installed. An update may replace all that is in it. */
export const PROGRAM_FOLDER = join(import.meta.dirname, '../..');

/** The example of `.env`, as people are told it. */
export const ENV_EXAMPLE = IS_PACKAGE ? join(PROGRAM_FOLDER, '.env.example') : '.env.example';

/**
 * The folder of `.env`, `config/` and `data/`, which relative paths count from: the one that BREAKOUT_BELL_HOME names. By
 * default it is the checkout; for the package from npm, the current folder.
 * @throws {SettingsError} where there is no such folder: a new one would be a new ledger, and nobody would be told anything
 */
export function homeFolder(environment: { readonly BREAKOUT_BELL_HOME?: string | undefined }): string {
  const named = environment.BREAKOUT_BELL_HOME?.trim() ?? '';
  if (named === '') return IS_PACKAGE ? process.cwd() : PROGRAM_FOLDER;
  const folder = resolve(named);
  const stats = statSync(folder, { throwIfNoEntry: false });
  if (stats?.isDirectory() === true) return folder;
  throw new SettingsError(
    stats === undefined
      ? `BREAKOUT_BELL_HOME: there is no folder ${folder}; correct the path, or make it with: mkdir -p ${folder}`
      : `BREAKOUT_BELL_HOME: ${folder} is a file; it must be the folder of .env, config/ and data/`,
  );
}
