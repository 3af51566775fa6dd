import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { withoutSecrets } from '../../src/message/clean-words.ts';
import { readPostgres } from '../../src/settings/postgres-settings.ts';
import { loadSettings } from '../../src/settings/settings.ts';
import { temporaryFolder } from '../support/temporary.ts';
import { root } from './package-root.ts';

const CERTIFICATE = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n';
const KEY = '-----BEGIN PRIVATE KEY-----\nMIIEkeykeykey\n-----END PRIVATE KEY-----\n';
const LOCKED = '-----BEGIN ENCRYPTED PRIVATE KEY-----\nMIIE\n-----END ENCRYPTED PRIVATE KEY-----\n';
const HOST = 'postgres://bell:secret@db.example.com/bell';
const SOCKET = 'postgres://bell@/bell?host=/var/run/postgresql';

const read = (DATABASE_URL: string, folder = '/nowhere') => readPostgres({ DATABASE_URL }, folder);

/** What is said of an address that cannot be used. */
function refusal(url: string, folder?: string): string {
  try {
    read(url, folder);
  } catch (error) {
    return (error as Error).message;
  }
  return 'not refused';
}

/** A root with files of TLS in it. */
function rootWithFiles(): string {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'tls'));
  const files = { 'ca.pem': CERTIFICATE, 'cert.pem': CERTIFICATE, 'key.pem': KEY, 'locked.pem': LOCKED };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, 'tls', name), text);
  return folder;
}

test('without DATABASE_URL the ledger is the SQLite file', () => {
  expect(readPostgres({}, '/nowhere')).toBeUndefined();
});

describe('an address is read', () => {
  test('whole', () => {
    expect(read('postgres://bell:p%40ss%2Fw%25rd@db.example.com:6432/my%20ledger')).toEqual({
      shown: 'my ledger on db.example.com:6432',
      host: 'db.example.com',
      port: 6432,
      user: 'bell',
      password: 'p@ss/w%rd',
      database: 'my ledger',
      tls: { verify: true },
    });
  });

  test.each<[string, object]>([
    ['postgresql://b%C3%A9ll@db/x', { user: 'béll', password: undefined, port: 5432, shown: 'x on db:5432' }],
    ['POSTGRES://bell:@db:/x', { password: undefined, port: 5432 }],
    ['postgres://bell:a:b@c@db/x?', { password: 'a:b@c', host: 'db' }],
    ['postgres://bell:ü "x"@db/x', { password: 'ü "x"', host: 'db' }],
    ['postgres://bell@DB.Example.com/x', { host: 'db.example.com' }],
    ['postgres://bell@b%C3%B6rse.example/x', { host: 'xn--brse-5qa.example' }],
    ['postgres://bell@breakout_db/x', { host: 'breakout_db' }],
    ['postgres://bell@[2001:DB8::0:1]:6432/x', { host: '2001:db8::1', port: 6432, shown: 'x on [2001:db8::1]:6432' }],
    [SOCKET, { host: '/var/run/postgresql', port: 5432, shown: 'bell on /var/run/postgresql:5432' }],
    ['postgres://bell:pw@:6432/x?host=%2Frun%2Fpg', { host: '/run/pg', port: 6432, password: 'pw' }],
    ['postgres://bell@localhost/x?host=/run/a+b', { host: '/run/a+b' }],
    ['postgres://bell@%2Frun%2Fpg/x', { host: '/run/pg' }],
  ])('%s', (url, expected) => {
    expect(read(url)).toMatchObject(expected);
  });
});

describe('an address that cannot be used is refused, saying why and what is allowed', () => {
  test.each<[string, RegExp]>([
    ['db.example.com', /is not the address of a PostgreSQL database; allowed: postgres:\/\/user:password@host:5432/],
    ['mysql://bell@db/x', /is not the address of a PostgreSQL database/],
    ['postgres:bell@db/x', /is not the address of a PostgreSQL database/],
    ['postgres://bell@db/x#top', /is not the address of a PostgreSQL database/],
    ['postgres://bell@db/x/y', /is not the address of a PostgreSQL database/],
    ['postgres://db/x', /names no user; allowed: postgres:/],
    ['postgres://:pw@db/x', /names no user/],
    ['postgres://bell@/x', /names no host/],
    ['postgres://bell@:5432/x', /names no host/],
    ['postgres://bell@::1/x', /has several colons between login and path; put an IPv6 address in brackets/],
    ['postgres://bell@2001:db8::1/x', /has several colons/],
    ['postgres://bell@[::1/x', /has several colons/],
    ['postgres://bell@db', /names no database/],
    ['postgres://bell@db/', /names no database/],
    ['postgres://bell@db/?sslmode=require', /names no database/],
    ['postgres://b%zzll@db/x', /has a % in its user that does not start an encoded character; .*% is %25/],
    ['postgres://bell:50%@db/x', /has a % in its password that does not start an encoded character/],
    ['postgres://bell:%ff@db/x', /has a % in its password that does not start an encoded character/],
    ['postgres://bell@db/%', /has a % in its database/],
    ['postgres://bell@%/x', /has a % in its host/],
    ['postgres://bell@db/x?sslrootcert=%', /has a % in its sslrootcert/],
    ['postgres://bell@db/x%0Ay', /has a line break or another control character in its database/],
    ['postgres://bell:%00@db/x', /control character in its password/],
    ['postgres://bell@a:1,b:2/x', /names several hosts, .*name one; a proxy such as HAProxy/],
    ['postgres://bell@/x?host=/run/a,/run/b', /names several hosts/],
    [
      'postgres://bell@/x?host=db',
      /has a parameter 'host' that is not the folder of a Unix socket; allowed: host=\/var/,
    ],
    ['postgres://bell@d b/x', /names a host that is neither a name nor an address; allowed: db\.example\.com/],
    ['postgres://bell@[::x]/x', /names a host that is neither/],
    ['postgres://bell@-/x', /names a host that is neither/],
    ['postgres://bell@1.2.3.400/x', /names a host that is neither/],
    ['postgres://bell@db:0/x', /has no port after the colon of its host; allowed: 1 to 65535/],
    ['postgres://bell@db:65536/x', /has no port/],
    ['postgres://bell@db:5e3/x', /has no port/],
    [`${HOST}?application_name=x`, /has the unknown parameter 'application_name'; allowed: host, sslmode, sslrootcert/],
    [`${HOST}?password=hush`, /has the unknown parameter 'password'/],
    [`${HOST}?ssl=true`, /has the unknown parameter 'ssl'/],
    [`${HOST}?a%20b=true`, /has an unknown parameter; allowed/],
    [`${HOST}?SSLMODE=disable`, /has the unknown parameter 'SSLMODE'/],
    [`${HOST}?sslmode=disable&sslmode=require`, /has the parameter 'sslmode' twice; keep one/],
    [`${HOST}?sslmode=`, /has the parameter 'sslmode' without a value/],
    [
      `${HOST}?sslmode=prefer`,
      /has sslmode=prefer, which may end up in plain text; allowed: disable, require, verify-ca/,
    ],
    [`${HOST}?sslmode=allow`, /has sslmode=allow, which may end up in plain text/],
    [`${HOST}?sslmode=Require`, /has sslmode=Require; allowed: disable, require, verify-ca, verify-full, no-verify/],
    [`${HOST}?sslmode=%E2%80%AE`, /has an unknown sslmode; allowed/],
    [`${HOST}?sslmode=disable&sslrootcert=x`, /has sslmode=disable and sslrootcert; remove one or the other/],
    [`${HOST}?sslcert=x`, /has only one of sslcert and sslkey; .* needs both/],
    [`${SOCKET}&sslmode=require`, /has sslmode=require, but a Unix socket is never encrypted; remove it/],
    [`${SOCKET}&sslmode=no-verify&sslrootcert=x`, /has sslmode=no-verify and sslrootcert, but .*; remove them/],
  ])('%s', (url, message) => {
    expect(refusal(url)).toMatch(message);
    expect(refusal(url)).toMatch(/^DATABASE_URL /);
  });
});

describe('the connection is encrypted and verified', () => {
  const inTheOpen = undefined;
  test.each<[string, object | undefined]>([
    [HOST, { verify: true }],
    ['postgres://bell@192.0.2.1/x', { verify: true }],
    ['postgres://bell@0.0.0.0/x', { verify: true }],
    ['postgres://bell@localhost.example.com/x', { verify: true }],
    [`${HOST}?sslmode=require`, { verify: true }],
    [`${HOST}?sslmode=verify-ca`, { verify: true }],
    [`${HOST}?sslmode=verify-full`, { verify: true }],
    [`${HOST}?sslmode=no-verify`, { verify: false }],
    [`${HOST}?sslmode=disable`, inTheOpen],
    ['postgres://bell@localhost/x', inTheOpen],
    ['postgres://bell@LOCALHOST./x', inTheOpen],
    ['postgres://bell@127.0.0.2/x', inTheOpen],
    ['postgres://bell@127.1/x', inTheOpen],
    ['postgres://bell@[::1]/x', inTheOpen],
    ['postgres://bell@localhost/x?sslmode=require', { verify: true }],
    ['postgres://bell@localhost/x?sslmode=disable', inTheOpen],
    [SOCKET, inTheOpen],
    [`${SOCKET}&sslmode=disable`, inTheOpen],
  ])('or as it says: %s', (url, tls) => {
    expect(read(url)?.tls).toEqual(tls);
  });

  test('with the files that it names, from the root or anywhere', () => {
    const folder = rootWithFiles();
    const files = `sslcert=tls/cert.pem&sslkey=${encodeURIComponent(join(folder, 'tls/key.pem'))}`;
    expect(read(`${HOST}?sslrootcert=tls/ca.pem&${files}`, folder)?.tls).toEqual({
      verify: true,
      ca: CERTIFICATE,
      cert: CERTIFICATE,
      key: KEY,
    });
    // Who names a file wants TLS on loopback too.
    expect(read('postgres://bell@localhost/x?sslrootcert=tls/ca.pem', folder)?.tls).toEqual({
      verify: true,
      ca: CERTIFICATE,
    });
  });

  test.each<[string, string]>([
    ['sslrootcert=tls/none.pem', 'the file of sslrootcert, ROOT/tls/none.pem, cannot be read: ENOENT'],
    ['sslrootcert=tls', 'the file of sslrootcert, ROOT/tls, is a folder; a file is needed'],
    ['sslrootcert=tls/key.pem', 'the file of sslrootcert, ROOT/tls/key.pem, contains no certificate in PEM form'],
    ['sslcert=tls/key.pem&sslkey=tls/key.pem', 'the file of sslcert, ROOT/tls/key.pem, contains no certificate'],
    ['sslcert=tls/ca.pem&sslkey=tls/ca.pem', 'the file of sslkey, ROOT/tls/ca.pem, contains no private key'],
    ['sslcert=tls/ca.pem&sslkey=tls/locked.pem', 'contains no private key without a passphrase in PEM form'],
  ])('and a file that cannot be used is refused: %s', (query, message) => {
    const folder = rootWithFiles();
    expect(refusal(`${HOST}?${query}`, folder)).toContain(message.replace('ROOT', folder));
    expect(refusal(`${HOST}?${query}`, folder)).not.toMatch(/secret|MII/);
  });
});

describe('no password is shown', () => {
  test.each([
    'hush-hush',
    'bell:hush-hush@db/x',
    'postgres://bell:hush-hush',
    'postgres://bell:hush-hush/x',
    'postgres://bell@db:hush-hush/x',
    'postgres://bell:hush-hush@',
    'postgres://bell:hush-hush@/x',
    'postgres://bell:hush-hush@db',
    'postgres://bell:%hush-hush@db/x',
    'postgres://bell:hush-hush@db:port/x',
    'postgres://bell:hush-hush@a,b/x',
    'postgres://bell:12/hush-hush@db/x',
    'postgres://bell:12?hush-hush@db/x',
    'postgres://bell:12?sslmode=hush-hush@db/x',
    'postgres://bell:12#hush-hush@db/x',
    'postgres://bell@example.com:12/hush-hush@db/x',
    'postgres://bell:hush-hush@db/x?password=hush-hush',
    'postgres://bell:hush-hush@db/x?sslmode=prefer',
    'postgres://bell:hush-hush@db/x?sslrootcert=/none',
    'https://bell:hush-hush@db/x',
    ' postgres ://bell:hush-hush@db/x',
  ])('of an address that cannot be used: %s', (url) => {
    expect(refusal(url)).toMatch(/^DATABASE_URL/);
    expect(refusal(url)).not.toContain('hush-hush');
  });

  test('whatever characters stand in it as they are: it is refused unseen, or read whole', () => {
    const signs = fc.string({ unit: fc.constantFrom(...'a1:/?#@&=%[],+ ü') });
    fc.assert(
      fc.property(signs, signs, (before, after) => {
        const password = `${before}hush${after}`;
        const url = `postgres://bell:${password}@db.example.com/x`;
        const message = refusal(url);
        expect(message).not.toContain('hush');
        if (message !== 'not refused') return;
        expect(read(url)).toMatchObject({ password: decodeURIComponent(password), host: 'db.example.com' });
        expect(read(url)?.shown).toBe('x on db.example.com:5432');
      }),
    );
  });

  test.each([
    ['postgres://bell:p%40ss"word%2F@db.example.com/x', 'p@ss"word/', 'p%40ss"word%2F', 'p%40ss%22word%2F'],
    ['postgres://bell:p%40ss"word%2F@/x?host=/run/pg', 'p@ss"word/', 'p%40ss"word%2F', 'p%40ss%22word%2F'],
  ])('afterwards, in any spelling: %s', (url, ...spellings) => {
    const { secrets } = loadSettings(root(), { DATABASE_URL: url });
    expect(withoutSecrets(url, secrets)).toBe('[secret]');
    for (const one of [...spellings, ...spellings.map((text) => Buffer.from(text).toString('base64'))]) {
      expect(withoutSecrets(`<${one}>`, secrets), one).toBe('<[secret]>');
    }
  });

  test('nor the key of this machine; an address without a password is no secret', () => {
    const folder = root();
    writeFileSync(join(folder, 'ca.pem'), CERTIFICATE);
    writeFileSync(join(folder, 'key.pem'), KEY);
    const DATABASE_URL = 'postgres://bell@db/x?sslcert=ca.pem&sslkey=key.pem';
    const { secrets, postgres } = loadSettings(folder, { DATABASE_URL });
    const shown = withoutSecrets(JSON.stringify({ DATABASE_URL, postgres }), secrets);
    expect(shown).not.toContain('keykeykey');
    expect(shown).toContain(DATABASE_URL);
  });
});

describe('a person is told', () => {
  const remarksOf = (env: Record<string, string>, folder = root()) => loadSettings(folder, env).remarks;

  test('which database is used where two are named', () => {
    expect(remarksOf({ DATABASE_URL: SOCKET })).toEqual([]);
    expect(remarksOf({ DATABASE_PATH: 'x.db' })).toEqual([]);
    // A container names the place of a file that it does not have.
    expect(remarksOf({ DATABASE_URL: SOCKET, DATABASE_PATH: 'x.db' })).toEqual([]);
    const folder = root();
    writeFileSync(join(folder, 'x.db'), '');
    expect(remarksOf({ DATABASE_URL: SOCKET, DATABASE_PATH: 'x.db' }, folder)).toEqual([
      'DATABASE_URL takes precedence over DATABASE_PATH: the ledger is in PostgreSQL; the database file, its backups and its .known file are not used.',
    ]);
  });

  test.each([
    [HOST, []],
    [`${HOST}?sslmode=disable`, [/^DATABASE_URL is unencrypted and leads to another machine/]],
    [`${HOST}?sslmode=no-verify`, [/^DATABASE_URL turns off certificate verification/]],
    ['postgres://bell@127.0.0.1/x', []],
    [SOCKET, []],
  ])('what others could read on the way: %s', (DATABASE_URL, remarks) => {
    expect(remarksOf({ DATABASE_URL })).toEqual(remarks.map((line) => expect.stringMatching(line)));
  });
});
