import { resolve } from 'node:path';
import { SettingsError } from '../channel/settings-error.ts';
import { readPem } from '../channel/settings-text.ts';
import { isLoopback } from './hosts.ts';

/** How a connection to PostgreSQL is encrypted; the files as text. */
export interface PostgresTls {
  /** False: whoever answers is taken for the server. */
  readonly verify: boolean;
  /** Who signs the server's certificate; without it, those whom Node trusts. */
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
}

const MODES = ['disable', 'require', 'verify-ca', 'verify-full', 'no-verify'];

/** The parameters that name files, what each gives, and what must be in it. */
const FILES = [
  ['sslrootcert', 'ca', 'certificate'],
  ['sslcert', 'cert', 'certificate'],
  ['sslkey', 'key', 'private key without a passphrase'],
] as const;

/** True for what never leaves this machine: loopback, and the folder of a Unix socket. */
export function isOwnMachine(host: string): boolean {
  return host.startsWith('/') || isLoopback(host);
}

/**
 * Encrypted and verified, unless `sslmode` says otherwise or the server is on this machine. `require` and `verify-ca` verify
 * like `verify-full`, as they do in pg 8.
 * @param query the parameters of `DATABASE_URL`
 * @throws {SettingsError} for what would not be what it looks like
 */
export function readTls(query: ReadonlyMap<string, string>, host: string, root: string): PostgresTls | undefined {
  const mode = readMode(query.get('sslmode'));
  const files = FILES.filter(([name]) => query.has(name)).map(([name]) => name);
  const wanted = [...(mode === undefined || mode === 'disable' ? [] : [`sslmode=${mode}`]), ...files];
  if (host.startsWith('/') && wanted.length > 0) {
    throw fault(`has ${wanted.join(' and ')}, but a Unix socket is never encrypted; remove ${pronoun(wanted)}`);
  }
  if (mode === 'disable' && files.length > 0) {
    throw fault(`has sslmode=disable and ${files.join(' and ')}; remove one or the other`);
  }
  if (query.has('sslcert') !== query.has('sslkey')) {
    throw fault('has only one of sslcert and sslkey; a client certificate needs both');
  }
  if (mode === 'disable' || (wanted.length === 0 && isOwnMachine(host))) return undefined;
  return { verify: mode !== 'no-verify', ...readFiles(query, root) };
}

function pronoun({ length }: readonly string[]): string {
  return length === 1 ? 'it' : 'them';
}

function readMode(mode: string | undefined): string | undefined {
  if (mode === undefined || MODES.includes(mode)) return mode;
  const shown = /^[\w-]{1,40}$/.test(mode) ? `sslmode=${mode}` : 'an unknown sslmode';
  const why = mode === 'prefer' || mode === 'allow' ? ', which may end up in plain text' : '';
  throw fault(`has ${shown}${why}; allowed: ${MODES.join(', ')}`);
}

function readFiles(query: ReadonlyMap<string, string>, root: string): Omit<PostgresTls, 'verify'> {
  return Object.fromEntries(
    FILES.flatMap(([name, field, content]) => {
      const path = query.get(name);
      if (path === undefined) return [];
      const file = resolve(root, path);
      return [[field, readPem(`DATABASE_URL: the file of ${name}, ${file},`, file, content)]];
    }),
  );
}

function fault(what: string): SettingsError {
  return new SettingsError(`DATABASE_URL ${what}`);
}
