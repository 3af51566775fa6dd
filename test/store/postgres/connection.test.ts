import { describe, expect, onTestFinished, test } from 'vitest';
import { UnreachableError } from '../../../src/store/errors.ts';
import { openPostgres } from '../../../src/store/postgres/open.ts';
import type { Queries } from '../../../src/store/postgres/postgres.ts';
import { freePort } from '../../support/ports.ts';
import { NO_POSTGRES, NO_POSTGRES_OF_ITS_OWN, newDatabase } from '../../support/postgres.ts';
import { inDatabase, startServer } from '../../support/postgres-server.ts';
import { startTcpProxy } from '../../support/tcp-proxy.ts';
import { useStandIn } from '../../support/temporary.ts';
import { addressOf, connect, one, until, untilWaiting } from './processes.ts';

const SETTINGS = ['statement_timeout', 'lock_timeout', 'idle_in_transaction_session_timeout'];

const settingsOf = async ({ row }: Queries) => {
  const shown = SETTINGS.map((name) => `current_setting('${name}') as ${name}`);
  return Object.values((await row<Record<string, string>>(`select ${shown.join(', ')}`)) ?? {});
};

/** How many connections of the program a database has. */
const OPEN =
  "select count(*)::int from pg_stat_activity where datname = current_database() and application_name = 'breakout-bell'";

/** A database behind a proxy. */
async function behindProxy() {
  const { url } = await newDatabase();
  const proxy = await useStandIn(startTcpProxy(Number(new URL(url).port)));
  return { url, proxy, through: proxy.before(url) };
}

describe('a server that is away', () => {
  test('is named at the start, with what to look at, and without the password', async () => {
    const port = await freePort();
    const opening = openPostgres(addressOf(`postgres://bell:p%40ss%2Fw%C3%B6rd@127.0.0.1:${port}/bell`));
    const error: Error = await opening.then(
      () => expect.unreachable(),
      (thrown) => thrown,
    );
    expect(error).toBeInstanceOf(UnreachableError);
    expect(error.message).toBe(
      `the database bell on 127.0.0.1:${port} cannot be reached (connect ECONNREFUSED 127.0.0.1:${port}); check that PostgreSQL runs there, that DATABASE_URL is right, and that no firewall is in the way`,
    );
    const all = `${error.stack} ${JSON.stringify(error)} ${error.cause} ${JSON.stringify(error.cause)}`;
    expect(all).not.toMatch(/p@ss|p%40ss|wörd/);
  });

  test('is told apart from an error of the program', async () => {
    const { transaction } = connect('postgres://bell:x@127.0.0.1:1/bell?sslmode=disable', 0);
    await expect(transaction(async () => undefined)).rejects.toThrow(UnreachableError);
  });
});

describe.skipIf(NO_POSTGRES !== undefined)('a transaction', () => {
  test('has limits for a statement, for a lock and for a pause, and leaves none behind', async () => {
    const { transaction } = connect((await newDatabase()).url);
    expect(await transaction(settingsOf)).toEqual(['9s', '5s', '10s']);
    expect(await transaction(settingsOf)).toEqual(['9s', '5s', '10s']);
  });

  test('waits five seconds for a lock, and says so', async () => {
    const { url } = await newDatabase();
    const { transaction } = connect(url);
    await inDatabase(url, async (client) => {
      await client.query('create table t (a int)');
      await client.query('begin; lock table t');
      await expect(transaction(({ changes }) => changes('insert into t values (1)'))).rejects.toThrow(
        /^the database bell_\w+ on .* took too long \(canceling statement due to lock timeout\); check what locks its tables/,
      );
    });
  });

  test('of a process that was stopped in the middle gives its locks away, and is done again when it wakes', async () => {
    const { url } = await newDatabase();
    await one(url, 'create table t as select 1 as a');
    const { transaction } = connect(url);
    const [locked, woken] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    let times = 0;
    const slept = transaction(async ({ row, changes }) => {
      // As a connection that a pooling proxy shares would be set, or a server that is less patient.
      if (++times === 1) await changes("set local idle_in_transaction_session_timeout = '300ms'");
      await changes('update t set a = a + 1');
      locked.resolve();
      if (times === 1) await woken.promise;
      return row('select a from t');
    });
    await locked.promise;
    // Waits until the lock is free.
    await one(url, 'update t set a = a + 10');
    woken.resolve();
    expect(await slept).toEqual({ a: 12 });
    expect(times).toBe(2);
  });

  test('whose statement is too late for the server is done again', async () => {
    const { url } = await newDatabase();
    const { transaction } = connect(url, 0);
    let times = 0;
    const done = transaction(async ({ row, changes }) => {
      if (++times > 1) return 'done';
      await changes("set local idle_in_transaction_session_timeout = '100ms'");
      // Stopped as a whole: nothing that comes from the server is heard meanwhile.
      const { pid } = (await row<{ pid: number }>('select pg_backend_pid() as pid')) ?? { pid: 0 };
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 500);
      return row(`select ${pid}`);
    });
    expect(await done).toBe('done');
  });

  test('that fails a hundred times leaves no connection behind', async () => {
    const { url } = await newDatabase();
    await one(url, 'create table t (a int)');
    const { transaction, rows } = connect(url, 0);
    for (let time = 0; time < 25; time++) {
      const fails = [
        transaction(({ rows: ask }) => ask('select 1 / 0')),
        transaction(() => Promise.reject(new TypeError('ours'))),
        rows('select nothing'),
        transaction(({ rows: ask }) => ask('select pg_terminate_backend(pg_backend_pid())')),
      ];
      const ended = await Promise.allSettled(fails);
      expect(ended.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected', 'rejected']);
    }
    expect(await rows('select a from t')).toEqual([]);
    await until(async () => Number(await one(url, OPEN)) <= 5);
    expect(await one(url, "select count(*)::int from pg_stat_activity where state like 'idle in%'")).toBe(0);
  });
});

describe.skipIf(NO_POSTGRES_OF_ITS_OWN !== undefined)('a connection', () => {
  test('to a server that is killed in the middle and started again begins anew', async () => {
    const server = await useStandIn(startServer());
    await one(server.url, 'create table t (a int)');
    const { transaction, rows } = connect(server.url);
    let times = 0;
    await transaction(async ({ changes }) => {
      await changes('insert into t values ($1)', ++times);
      if (times > 1) return;
      await server.kill();
      setTimeout(() => void server.start(), 500);
    });
    expect(await rows('select a from t')).toEqual([{ a: times }]);
    expect(times).toBeGreaterThan(1);
    await server.stop();
    await expect(connect(server.url, 300).transaction(({ rows: ask }) => ask('select 1'))).rejects.toThrow(
      UnreachableError,
    );
  });

  test('that is idle while its server goes away is replaced', async () => {
    const server = await useStandIn(startServer());
    const postgres = connect(server.url);
    await Promise.all(Array.from({ length: 5 }, () => postgres.rows('select pg_sleep(0.05)')));
    await server.stop();
    await server.start();
    expect(await postgres.rows('select 1 as a')).toEqual([{ a: 1 }]);
    await server.kill();
    await expect(postgres.ping()).rejects.toThrow(UnreachableError);
    await server.start();
    await postgres.ping();
  });

  test('that is half open is given up after a while, and is not used again', async () => {
    const { url, proxy, through } = await behindProxy();
    await one(url, 'create table t (a int)');
    const postgres = connect(through, 0);
    const act = () =>
      Promise.allSettled([
        postgres.changes('insert into t values (1)'),
        postgres.transaction(({ changes }) => changes('insert into t values (1)')),
      ]);
    await act();
    const before = proxy.connections;
    proxy.hang();
    // Ten seconds for an answer, and five for a new connection.
    const answers = await act();
    for (const answer of answers) expect(answer).toMatchObject({ reason: expect.any(UnreachableError) });
    await proxy.mend();
    expect(await act()).toMatchObject([{ value: 1 }, { value: 1 }]);
    expect(proxy.connections).toBeGreaterThanOrEqual(before + 2);
    await until(async () => Number(await one(url, OPEN)) <= 2);
  });

  test('that is half open does not keep a program from its end', async () => {
    const { proxy, through } = await behindProxy();
    const postgres = connect(through, 0);
    await postgres.ping();
    proxy.hang();
    const asked = postgres.ping().catch((error) => error);
    await postgres.close();
    onTestFinished(() => proxy.mend());
    expect(await asked).toBeInstanceOf(UnreachableError);
  });

  test('that waits for a lock when it is cut does not hold it later', async () => {
    const { url, proxy, through } = await behindProxy();
    await one(url, 'create table t (a int)');
    const { transaction } = connect(through);
    await inDatabase(url, async (client) => {
      await client.query('begin; lock table t');
      const write = transaction(({ changes }) => changes('insert into t values (1)'));
      await untilWaiting(url);
      await proxy.cut();
      await client.query('commit');
      await proxy.mend();
      await write;
    });
    expect(await one(url, 'select count(*)::int from t')).toBe(1);
  });
});
