import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { listen } from './http.ts';
import { NO_POSTGRES_OF_ITS_OWN } from './postgres.ts';
import { inDatabase, type PostgresServer, startServer } from './postgres-server.ts';
import { startTcpProxy } from './tcp-proxy.ts';
import { useStandIn } from './temporary.ts';

/** A server that says everything again, behind a proxy. */
async function echo() {
  const taken: Socket[] = [];
  const server = createServer((socket) => {
    taken.push(socket);
    socket.on('error', () => {});
    socket.on('data', (chunk) => socket.write(chunk));
  });
  const { port } = await useStandIn(listen(server));
  return { proxy: await useStandIn(startTcpProxy(port)), taken };
}

async function client(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  onTestFinished(() => void socket.destroy());
  await once(socket, 'connect');
  return socket;
}

const says = async (socket: Socket, words: string) => {
  const answer = once(socket, 'data');
  socket.write(words);
  return String((await answer)[0]);
};

describe('a proxy', () => {
  test('passes on what both sides say, and the end of it', async () => {
    const { proxy, taken } = await echo();
    const socket = await client(proxy.port);
    expect([await says(socket, 'one'), await says(socket, 'two')]).toEqual(['one', 'two']);
    const ended = once(socket, 'close');
    taken[0]?.end();
    await ended;
    expect(proxy.connections).toBe(1);
  });

  test('that is cut resets connections on both sides and refuses new ones, until it is mended', async () => {
    const { proxy, taken } = await echo();
    const socket = await client(proxy.port);
    await says(socket, 'one');
    const resets = [socket, taken[0] ?? socket].map((side) => once(side, 'error'));
    await proxy.cut();
    expect((await Promise.all(resets)).flat()).toMatchObject([{ code: 'ECONNRESET' }, { code: 'ECONNRESET' }]);
    await expect(client(proxy.port)).rejects.toThrow(/ECONNREFUSED/);
    await proxy.mend();
    expect(await says(await client(proxy.port), 'two')).toBe('two');
  });

  test('that hangs takes everything and says nothing, until it is mended', async () => {
    const { proxy } = await echo();
    const socket = await client(proxy.port);
    await says(socket, 'one');
    proxy.hang();
    const other = await client(proxy.port);
    const heard: string[] = [];
    const answers = [socket, other].map(async (side) => heard.push(await says(side, 'two')));
    // A connection beside it goes there and back many times meanwhile.
    const beside = await echo();
    const quick = await client(beside.proxy.port);
    for (let round = 0; round < 50; round++) await says(quick, 'x');
    expect([heard, socket.destroyed, other.destroyed]).toEqual([[], false, false]);
    await proxy.mend();
    await Promise.all(answers);
    expect(heard).toEqual(['two', 'two']);
  });
});

describe.skipIf(NO_POSTGRES_OF_ITS_OWN !== undefined)('a proxy before a database', () => {
  let server: PostgresServer;

  beforeAll(async () => {
    server = await startServer();
  });
  afterAll(() => server.close());

  test.each([
    ['simple', 'commit'],
    ['simple', 'COMMIT;'],
    ['simple', 'update t set a = a; commit'],
    ['extended', 'commit'],
    ['prepared', 'commit'],
  ])('loses the answer to a commit that is done, in a %s query: %s', async (protocol, text) => {
    const proxy = await useStandIn(startTcpProxy(server.port));
    const client = new Client({ connectionString: proxy.before(server.url) });
    client.on('error', () => {});
    await client.connect();
    const query = (sql: string) => {
      if (protocol === 'simple') return client.query(sql);
      return client.query({
        text: sql,
        values: [],
        ...(protocol === 'prepared' ? { name: sql } : { queryMode: 'extended' }),
      });
    };
    await client.query('drop table if exists t; create table t (a int)');
    await query('begin');
    await client.query('insert into t values (1)');
    await query(text);
    proxy.loseAnswerToCommit(1);
    await query('begin');
    await client.query("insert into t values (2), (length('commit'))");
    expect(proxy.lostAnswers).toBe(0);
    await expect(query(text)).rejects.toThrow(/ECONNRESET|Connection terminated/);
    expect(proxy.lostAnswers).toBe(1);
    const { rows } = await inDatabase(proxy.before(server.url), async (other) => {
      await other.query('begin');
      await other.query('commit');
      return other.query('select a from t order by a');
    });
    expect(rows.map(({ a }) => a)).toEqual([1, 2, 6]);
    await client.end().catch(() => {});
  });
});
