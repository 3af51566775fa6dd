import { readFileSync } from 'node:fs';
import { Client } from 'pg';
import { describe, expect, onTestFinished, test } from 'vitest';
import { DatabaseError, UnreachableError } from '../../../src/store/errors.ts';
import type { PostgresAddress } from '../../../src/store/postgres/address.ts';
import { openPostgres } from '../../../src/store/postgres/open.ts';
import { NO_OPENSSL } from '../../support/certificate.ts';
import { NO_PGBOUNCER, startPgbouncer } from '../../support/pgbouncer.ts';
import { NO_POSTGRES, NO_POSTGRES_OF_ITS_OWN, newDatabase } from '../../support/postgres.ts';
import { startReplica } from '../../support/postgres-replica.ts';
import { inDatabase, startServer } from '../../support/postgres-server.ts';
import { useStandIn } from '../../support/temporary.ts';
import { addressOf, one } from './processes.ts';

/** What is said to who starts, if anything. A server older than 15 cannot be had here. */
async function refusalOf(url: string, change: Partial<PostgresAddress> = {}): Promise<Error | undefined> {
  try {
    await (await openPostgres({ ...addressOf(url), ...change })).close();
    return undefined;
  } catch (error) {
    return error as Error;
  }
}

const MIGRATIONS = 'select schema_version from breakout_bell';

describe.skipIf(NO_POSTGRES !== undefined)('an address that cannot be used says why, and what to do', () => {
  test.each([
    [
      'another password',
      { password: 'wrong' },
      /refuses the login of bell \(.*password authentication failed.*\); correct user/,
    ],
    ['no password', { password: undefined }, /refuses the login of bell \(.*password.*\); correct user and password/],
    [
      'another user',
      { user: 'nobody' },
      /refuses the login of nobody \(.*\); correct user and password in DATABASE_URL/,
    ],
    [
      'a database that is not there',
      { database: 'none' },
      /is not there \(database "none" does not exist\); create it: createdb none/,
    ],
  ])('%s', async (_, change, says) => {
    const { url } = await newDatabase();
    const error = await refusalOf(url, change);
    expect(error?.message).toMatch(says);
    expect(error).toBeInstanceOf(DatabaseError);
    expect(error).not.toBeInstanceOf(UnreachableError);
    expect(`${error?.stack}`).not.toMatch(/wrong|p@ss/);
  });

  test.skipIf(NO_PGBOUNCER !== undefined).each([
    ['another password', { password: 'wrong' }, /refuses the login of bell \(.*\); correct user and password/],
    ['another user', { user: 'nobody' }, /refuses the login of nobody \(.*\); correct user and password/],
    ['a database that is not there', { database: 'none' }, /is not there \(.*none.*\); create it: createdb none/],
  ])('%s, behind a pool', async (_, change, says) => {
    const { url } = await newDatabase();
    const pool = await useStandIn(startPgbouncer(url));
    const error = await refusalOf(pool.url, change);
    expect(error?.message).toMatch(says);
    expect(error).not.toBeInstanceOf(UnreachableError);
  });

  test("another program's tables", async () => {
    const { url } = await newDatabase();
    await one(url, 'create table orders (id int)');
    expect((await refusalOf(url))?.message).toMatch(
      /^the database bell_\w+ on .* belongs to another program \(it has a table orders\); point DATABASE_URL to an empty one$/,
    );
    expect(await one(url, 'select string_agg(tablename, $$ $$) from pg_tables where schemaname = $$public$$')).toBe(
      'orders',
    );
  });

  test('tables of a newer version, which stay as they are', async () => {
    const { url } = await newDatabase();
    await refusalOf(url);
    const known = Number(await one(url, MIGRATIONS));
    await one(url, 'update breakout_bell set schema_version = 99');
    expect((await refusalOf(url))?.message).toMatch(
      `was written by a newer version (schema 99, this one knows ${known}); update Breakout Bell`,
    );
    expect(await one(url, MIGRATIONS)).toBe(99);
  });
});

describe.skipIf(NO_POSTGRES !== undefined)('an empty database', () => {
  test('gets one schema from ten processes that open it at once', async () => {
    const { url } = await newDatabase();
    expect(await Promise.all(Array.from({ length: 10 }, () => refusalOf(url)))).toEqual(Array(10).fill(undefined));
    expect(await one(url, 'select count(*)::int from breakout_bell')).toBe(1);
    expect(await one(url, 'select count(*)::int from lease')).toBe(2);
  });

  test('stays empty where its schema could not be made whole', async () => {
    const { url } = await newDatabase();
    // A view is no table, but its name is taken.
    await one(url, 'create view instances as select 1');
    expect((await refusalOf(url))?.message).toMatch(/relation "instances" already exists/);
    expect(await one(url, "select count(*)::int from pg_tables where schemaname = 'public'")).toBe(0);
  });
});

describe.skipIf(NO_POSTGRES_OF_ITS_OWN !== undefined)('a server says why it cannot be used', () => {
  test('to a user with too few rights', async () => {
    const server = await useStandIn(startServer());
    await inDatabase(server.superuserUrl, (client) => client.query('alter database bell owner to postgres'));
    expect((await refusalOf(server.url))?.message).toMatch(
      /gives bell too few privileges \(permission denied for schema public\); make it the owner of the database/,
    );
  });

  test('where it takes no more connections', async () => {
    const server = await useStandIn(
      startServer({ settings: { max_connections: '5', superuser_reserved_connections: '3', max_wal_senders: '0' } }),
    );
    for (let taken = 0; taken < 2; taken++) {
      const client = new Client(server.url);
      await client.connect();
      onTestFinished(() => client.end());
    }
    expect((await refusalOf(server.url))?.message).toMatch(
      /takes no more connections \(.*\); raise max_connections, or put pgbouncer in front of it/,
    );
  });

  test('where it is a replica that only reads', async () => {
    const server = await useStandIn(startServer());
    await refusalOf(server.url);
    const replica = await useStandIn(startReplica(server));
    expect((await refusalOf(replica.url))?.message).toBe(
      `the database bell on 127.0.0.1:${replica.port} is a read-only replica; point DATABASE_URL to the primary`,
    );
  });

  test('where it speaks no TLS, or one that cannot be verified', async ({ skip }) => {
    if (NO_OPENSSL !== undefined) return skip(NO_OPENSSL);
    const plain = await useStandIn(startServer());
    expect((await refusalOf(plain.url, { tls: { verify: true } }))?.message).toMatch(
      /speaks no TLS; set it up there; or, .*, add \?sslmode=disable to DATABASE_URL/,
    );
    const server = await useStandIn(startServer({ tls: ['localhost'] }));
    const ca = readFileSync(server.certificate ?? '', 'utf8');
    const localhost = server.url.replace('127.0.0.1', 'localhost');
    const saidOf = async (url: string, tls: PostgresAddress['tls']) => (await refusalOf(url, { tls }))?.message;
    const cure = /presents a certificate that cannot be verified \(.*\); name its authority with \?sslrootcert=FILE/;
    expect(await saidOf(localhost, { verify: true })).toMatch(cure);
    expect(await saidOf(server.url, { verify: true, ca })).toMatch(cure);
    expect(await saidOf(localhost, { verify: true, ca })).toBeUndefined();
    expect(await saidOf(server.url, { verify: false })).toBeUndefined();
  });
});
