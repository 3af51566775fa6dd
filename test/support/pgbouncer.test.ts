import { Client } from 'pg';
import { describe, expect, onTestFinished, test } from 'vitest';
import { NO_PGBOUNCER, startPgbouncer } from './pgbouncer.ts';
import { NO_POSTGRES, newDatabase } from './postgres.ts';
import { useStandIn } from './temporary.ts';

const missing = NO_PGBOUNCER ?? NO_POSTGRES;

describe.skipIf(missing !== undefined)(`a pool of connections (${missing ?? 'pgbouncer is there'})`, () => {
  test('shares one connection of the server among two clients, a transaction at a time', async () => {
    const { url } = await newDatabase();
    const pool = await useStandIn(startPgbouncer(url, { default_pool_size: '1' }));
    const clients = [new Client(pool.url), new Client(pool.url)] as const;
    for (const client of clients) {
      await client.connect();
      onTestFinished(() => client.end());
    }
    const [one, other] = clients;
    const pid = async (client: Client) => (await client.query('select pg_backend_pid() as pid')).rows[0].pid;
    expect(await pid(one)).toBe(await pid(other));
    // What one sets for its session, the other one has.
    await one.query("set statement_timeout = '7s'");
    expect((await other.query('show statement_timeout')).rows).toEqual([{ statement_timeout: '7s' }]);
    await one.query('begin');
    const waits = pid(other);
    await one.query('select 1');
    await one.query('commit');
    await waits;
  });
});
