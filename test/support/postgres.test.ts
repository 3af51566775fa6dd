import { existsSync, readFileSync } from 'node:fs';
import { Client } from 'pg';
import { describe, expect, onTestFinished, test } from 'vitest';
import { NO_OPENSSL } from './certificate.ts';
import { NO_POSTGRES, NO_POSTGRES_OF_ITS_OWN, newDatabase } from './postgres.ts';
import { startReplica } from './postgres-replica.ts';
import { startServer } from './postgres-server.ts';
import { useStandIn } from './temporary.ts';

async function connect(url: string, ssl?: object): Promise<Client> {
  const client = new Client({ connectionString: url, ...(ssl && { ssl }) });
  client.on('error', () => {});
  await client.connect();
  onTestFinished(() => client.end().catch(() => {}));
  return client;
}

const one = async (client: Client, sql: string) => Object.values((await client.query(sql)).rows[0] ?? {})[0];

describe.skipIf(NO_POSTGRES !== undefined)(`a database of a test (${NO_POSTGRES ?? 'there is a server'})`, () => {
  let url = '';

  test('is empty, UTF-8, and belongs to an ordinary user', async () => {
    ({ url } = await newDatabase());
    const client = await connect(url);
    expect(await one(client, "select count(*)::int from pg_tables where schemaname = 'public'")).toBe(0);
    expect(await one(client, 'show server_encoding')).toBe('UTF8');
    await client.query("create table t (a text); insert into t values ('指数')");
    expect(await one(client, 'select a from t')).toBe('指数');
    if (!process.env.TEST_DATABASE_URL) expect(await one(client, 'show is_superuser')).toBe('off');
    const other = await connect((await newDatabase()).url);
    expect(await one(other, "select count(*)::int from pg_tables where schemaname = 'public'")).toBe(0);
  });

  test('is gone after it, though a connection was left open', async () => {
    await expect(connect(url)).rejects.toThrow(/does not exist/);
  });
});

const title = `a server of a test's own (${NO_POSTGRES_OF_ITS_OWN ?? 'there is one'})`;
describe.skipIf(NO_POSTGRES_OF_ITS_OWN !== undefined)(title, () => {
  test('stops, is killed and comes back at the same port with its data; it leaves nothing', async () => {
    const server = await startServer();
    await (await connect(server.url)).query('create table t as select 1 as a');
    for (const end of [server.stop, server.kill]) {
      const open = await connect(server.url);
      await end();
      await expect(open.query('select 1')).rejects.toThrow();
      await expect(connect(server.url)).rejects.toThrow(/ECONNREFUSED/);
      await server.start();
      expect(await one(await connect(server.url), 'select a from t')).toBe(1);
    }
    await server.close();
    await expect(connect(server.url)).rejects.toThrow(/ECONNREFUSED/);
    expect(existsSync(server.folder)).toBe(false);
  });

  test('offers TLS with a certificate that only who knows it trusts', async ({ skip }) => {
    if (NO_OPENSSL !== undefined) return skip(NO_OPENSSL);
    const server = await useStandIn(startServer({ tls: ['localhost'] }));
    const ca = readFileSync(server.certificate ?? '', 'utf8');
    await expect(connect(server.url, { rejectUnauthorized: true })).rejects.toThrow(/self-signed/);
    await expect(connect(server.url, { ca })).rejects.toThrow(/altnames/);
    const client = await connect(server.url.replace('127.0.0.1', 'localhost'), { ca });
    expect(await one(client, 'select ssl from pg_stat_ssl where pid = pg_backend_pid()')).toBe(true);
  });

  test('has a standby, which reads, and leads on a new timeline once it is promoted', async () => {
    const server = await useStandIn(startServer());
    const client = await connect(server.url);
    await client.query('create table t as select 1 as a');
    const replica = await useStandIn(startReplica(server));
    await client.query('update t set a = 2');
    await replica.caughtUp();
    const reader = await connect(replica.url);
    expect(await one(reader, 'select a from t')).toBe(2);
    await expect(reader.query('update t set a = 3')).rejects.toThrow(/read-only transaction/);
    await replica.stop();
    await client.query('update t set a = 4');
    await server.kill();
    await replica.start();
    await replica.promote();
    const leader = await connect(replica.url);
    expect(await one(leader, 'update t set a = a + 10 returning a')).toBe(12);
    // A promoted server writes as soon as it may; the checkpoint that says so follows.
    await expect.poll(() => one(leader, 'select timeline_id from pg_control_checkpoint()')).toBe(2);
  });
});
