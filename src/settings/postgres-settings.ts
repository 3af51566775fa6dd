import { decodePart, ENCODING, readPort, resolvableHost, splitAddress, splitPlace } from '../channel/login-address.ts';
import { loginSecrets } from '../channel/login-secrets.ts';
import { SettingsError } from '../channel/settings-error.ts';
import type { Variables } from '../channel/variables.ts';
import type { PostgresAddress } from '../store/postgres/address.ts';
import { readTls } from './postgres-tls.ts';

const SCHEME = 'postgres(?:ql)?';

const FORM =
  'allowed: postgres://user:password@host:5432/database, with special characters in user, password and database ' +
  `percent-encoded (${ENCODING})`;

/** Others, as pg and libpq know them, would be ignored in silence. */
const PARAMETERS = ['host', 'sslmode', 'sslrootcert', 'sslcert', 'sslkey'];

/** Reads `DATABASE_URL`; undefined where the ledger is a SQLite file. @throws {SettingsError} that never shows the login */
export function readPostgres({ DATABASE_URL }: Variables, root: string): PostgresAddress | undefined {
  if (DATABASE_URL === undefined) return undefined;
  const parts = splitAddress(DATABASE_URL, SCHEME);
  if (parts === undefined) throw fault('is not the address of a PostgreSQL database');
  // Without a user, what looks like host and port may be user and password.
  const user = required('user', parts.user);
  const password = decodePart('password', parts.password ?? '', fault);
  const query = readQuery(parts.query ?? '');
  const { host, port } = readPlace(parts.place ?? '', query.get('host'));
  const database = required('database', parts.path);
  return {
    shown: `${database} on ${host.includes(':') && !host.startsWith('/') ? `[${host}]` : host}:${port}`,
    host,
    port,
    user,
    password: password === '' ? undefined : password,
    database,
    tls: readTls(query, host, root),
  };
}

/** What of the connection must never be shown: its password in every spelling, the address that holds it, and the key. */
export function postgresSecrets(
  { DATABASE_URL = '' }: Variables,
  postgres: PostgresAddress | undefined,
): readonly string[] {
  const { user = '', password = '' } = splitAddress(DATABASE_URL, SCHEME) ?? {};
  const { key } = postgres?.tls ?? {};
  return [
    // With a host of its own: the address of a Unix socket has none, and is no URL.
    ...(password === '' ? [] : [DATABASE_URL, password, ...loginSecrets(`postgres://${user}:${password}@host`)]),
    ...(key === undefined ? [] : [key]),
  ];
}

/** No part of the login is in it, and nothing that could be one. */
function fault(what: string, cure = FORM): SettingsError {
  return new SettingsError(`DATABASE_URL ${what}; ${cure}`);
}

function required(part: string, text = ''): string {
  if (text === '') throw fault(`names no ${part}`);
  return decodePart(part, text, fault);
}

function readQuery(text: string): ReadonlyMap<string, string> {
  const query = new Map<string, string>();
  for (const part of text.split('&').filter((given) => given !== '')) {
    const [name = '', ...rest] = part.split('=');
    if (!PARAMETERS.includes(name)) {
      const shown = /^\w{1,40}$/.test(name) ? `the unknown parameter '${name}'` : 'an unknown parameter';
      throw fault(`has ${shown}`, `allowed: ${PARAMETERS.join(', ')}`);
    }
    if (query.has(name)) throw fault(`has the parameter '${name}' twice`, 'keep one');
    const value = decodePart(name, rest.join('='), fault);
    if (value === '') throw fault(`has the parameter '${name}' without a value`, 'set it or remove it');
    query.set(name, value);
  }
  return query;
}

/** @param folder the parameter `host`, which wins over the host before the path, as for libpq and pg */
function readPlace(place: string, folder: string | undefined): { readonly host: string; readonly port: number } {
  if (`${place}${folder ?? ''}`.includes(',')) {
    throw fault(
      'names several hosts, but only one is supported',
      'name one; a proxy such as HAProxy or pgbouncer can stand in front of several',
    );
  }
  const { name, digits } = splitPlace(place, fault);
  if (folder !== undefined && !folder.startsWith('/')) {
    throw fault(
      "has a parameter 'host' that is not the folder of a Unix socket",
      'allowed: host=/var/run/postgresql; a host name belongs before the path',
    );
  }
  return { host: folder ?? readHost(name), port: readPort(digits, 5432, fault) };
}

function readHost(name: string): string {
  const host = required('host', name);
  if (host.startsWith('/')) return host;
  const resolvable = resolvableHost(host);
  if (resolvable !== undefined) return resolvable;
  throw fault(
    'names a host that is neither a name nor an address',
    'allowed: db.example.com, 192.0.2.1, [2001:db8::1], or ?host=/var/run/postgresql for a Unix socket',
  );
}
