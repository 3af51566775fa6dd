import { join } from 'node:path';
import { Client } from 'pg';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { NO_PROGRAMS } from '../support/postgres-programs.ts';
import { inDatabase, type PostgresServer } from '../support/postgres-server.ts';
import { ClockFile } from './clock-file.ts';
import { startHostsServer } from './hosts.ts';
import { makeFolder, removeFolder } from './package.ts';
import { StageDatabase } from './stage-database.ts';

const EVENING = Date.parse('2025-09-18T20:45:00Z');

describe.skipIf(NO_PROGRAMS !== undefined)('the database of a stage', () => {
  let server: PostgresServer;
  beforeAll(async () => {
    server = await startHostsServer();
    return () => server.close();
  });

  function aDatabase(): { clock: ClockFile; database: StageDatabase } {
    const folder = makeFolder();
    const clock = new ClockFile(join(folder, 'clock'));
    const database = new StageDatabase(server, clock.path);
    onTestFinished(async () => {
      await database.close();
      clock.close();
      removeFolder(folder);
    });
    return { clock, database };
  }

  const ask = async (url: string, what: string) =>
    inDatabase(url, async (client) => (await client.query(`select ${what} as value`)).rows[0].value);
  const clockOf = async (url: string) => Number(await ask(url, 'extract(epoch from clock_timestamp()) * 1000'));

  test('goes by the clock of its stage, for a user without rights too, and each by its own', async () => {
    const [one, other] = [aDatabase(), aDatabase()];
    await Promise.all([one.database.reset(), other.database.reset()]);
    one.clock.set(EVENING);
    other.clock.set(EVENING + 3_600_000);
    expect(Math.abs((await clockOf(one.database.url)) - one.clock.now())).toBeLessThan(5000);
    expect(Math.abs((await clockOf(other.database.url)) - other.clock.now())).toBeLessThan(5000);
    one.clock.shift(86_400_000);
    expect(Math.abs((await clockOf(one.database.url)) - EVENING - 86_400_000)).toBeLessThan(30_000);
  });

  test('goes back to a copy, also where somebody is still connected; defaults go by the clock too', async () => {
    const { clock, database } = aDatabase();
    clock.set(EVENING);
    await database.reset();
    const facts = 'create table facts (name text, at timestamptz default clock_timestamp())';
    await inDatabase(database.url, (client) => client.query(facts));
    const copy = await database.copy();
    const writer = new Client({ connectionString: database.url });
    writer.on('error', () => {});
    await writer.connect();
    await writer.query("insert into facts (name) values ('source')");
    const at = Number(await ask(database.url, '(select extract(epoch from at) * 1000 from facts)'));
    expect(Math.abs(at - EVENING)).toBeLessThan(30_000);
    await database.reset(copy);
    expect(await ask(database.url, '(select count(*)::integer from facts)')).toBe(0);
  });
});
