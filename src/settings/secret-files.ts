import { statSync } from 'node:fs';
import { isAbsolute, resolve } from 'node:path';
import { CHANNEL_SECRETS } from '../channel/channel-settings.ts';
import { SettingsError } from '../channel/settings-error.ts';
import { NotReadError, readRegularFile } from '../market/regular-file.ts';

/** The variables that hold a secret. Each may stand in a file instead, which `NAME_FILE` names. */
export const SECRET_VARIABLES: readonly string[] = [
  ...CHANNEL_SECRETS,
  'DATABASE_URL',
  'HEARTBEAT_URL',
  'DASHBOARD_TOKEN',
  'HTTPS_PROXY',
  'HTTP_PROXY',
];

/** The variables that name these files. */
export const SECRET_FILE_VARIABLES: readonly string[] = SECRET_VARIABLES.map(fileVariable);

/** In bytes; no secret is as long. */
const LONGEST = 65_536;

/** The variable that names the file of a secret. */
export function fileVariable(name: string): string {
  return `${name}_FILE`;
}

/**
 * A secret from a file, as Docker, Kubernetes and systemd hand them over. Blanks and line breaks around it do not belong to it.
 * @param path what the variable says
 * @param root the folder that a relative path begins at
 * @throws {SettingsError} naming the path, and nothing that is in the file
 */
export function readSecretFile(name: string, path: string, root: string): string {
  const file = resolve(root, path);
  const shown = isClearlyPath(path)
    ? `${fileVariable(name)}: ${file}`
    : `${fileVariable(name)} must be the path of a file, beginning with / or ./ (the value is not shown, as it may be the secret itself); the file it names`;
  const fault = (what: string, cause?: unknown) =>
    new SettingsError(`${shown} ${what}`, cause === undefined ? {} : { cause });
  let bytes: Buffer;
  try {
    bytes = readRegularFile(file, 1);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (error instanceof NotReadError) throw fault(message, error);
    // The system's own words repeat the path.
    throw fault(code === 'ENOENT' ? 'is missing' : `cannot be read (${code ?? message})`, error);
  }
  if (bytes.length > LONGEST) throw fault(`has ${bytes.length} bytes; allowed: at most ${LONGEST}`);
  const text = new TextDecoder().decode(bytes).trim();
  if (text === '') throw fault(`is empty; it must contain the value of ${name}`);
  return text;
}

/** False for what may be a secret that stands in the wrong variable. */
function isClearlyPath(text: string): boolean {
  return (isAbsolute(text) || /^\.\.?[\\/]/.test(text)) && !/@|:\/\//.test(text);
}

/** A remark for a file of secrets that everybody on this machine may read or change. Windows has no such bits. */
export function openFileRemarks(path: string, what: string): string[] {
  if (process.platform === 'win32') return [];
  const stats = statSync(path, { throwIfNoEntry: false });
  return stats === undefined || (stats.mode & 0o006) === 0
    ? []
    : [`${path} can be read by every user of this machine; it holds ${what}: chmod 600 ${path}`];
}
