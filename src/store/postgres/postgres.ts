import { setTimeout } from 'node:timers/promises';
import { Client, Pool, type PoolClient, TypeOverrides, types } from 'pg';
import type { PostgresAddress } from './address.ts';
import { explainPostgresError, isPassing } from './explain.ts';

/** How long a connection may take to be made, and the server for one answer, in milliseconds. */
const CONNECT_MS = 5_000;
const ANSWER_MS = 10_000;
/** What was lost with its connection is tried again for so long: a server is restarted, or replaced by another one. */
const TRY_FOR_MS = 15_000;
const FIRST_PAUSE_MS = 100;
const CONNECTIONS = 5;

/**
 * Said at the beginning of each transaction, as a pooling proxy gives each one another connection: whoever is stopped in the
 * middle must not keep its locks, and nobody waits for them for long.
 */
const BEGIN = `begin; set local statement_timeout = '9s'; set local lock_timeout = '5s';
  set local idle_in_transaction_session_timeout = '10s'`;

/** What is asked of the database. Each is one statement, with $1, $2 … for the values. */
export interface Queries {
  rows<T>(sql: string, ...values: readonly unknown[]): Promise<T[]>;
  /** The first row. */
  row<T>(sql: string, ...values: readonly unknown[]): Promise<T | undefined>;
  /** How many rows a statement has changed. */
  changes(sql: string, ...values: readonly unknown[]): Promise<number>;
}

/** What is done in one transaction. @param isAgain true where the same was done before, and nobody knows whether it was written */
export type Act<T> = (queries: Queries, isAgain: boolean) => Promise<T>;

/** A PostgreSQL. Whatever it cannot do is thrown as DatabaseError. */
export interface Postgres extends Queries {
  readonly address: PostgresAddress;
  /** Whole or not at all. Where the connection is lost, also at the very end, `act` is done again: it must bear that. */
  transaction<T>(act: Act<T>): Promise<T>;
  /** One look whether it answers, without a second try. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

/** Counts of rows are numbers: none of ours comes near 2^53. */
const INT8 = 20;

/** Nothing is connected before it is asked. @param tryForMs how long what is lost is tried again, in milliseconds */
export function connectPostgres(address: PostgresAddress, tryForMs = TRY_FOR_MS): Postgres {
  const pool = createPool(address);
  let closed: Promise<void> | undefined;
  const explained = (error: unknown) => explainPostgresError(error, address);
  const again = async <T>(act: (isAgain: boolean) => Promise<T>): Promise<T> => {
    const end = performance.now() + tryForMs;
    for (let pause = FIRST_PAUSE_MS; ; pause *= 2) {
      const isAgain = pause > FIRST_PAUSE_MS;
      try {
        return await act(isAgain);
      } catch (error) {
        // Once in any case: of a process that was stopped for long it is the first try in truth.
        const isOver = isAgain && performance.now() + pause > end;
        if (!isPassing(error) || isOver) throw explained(error);
        await setTimeout(pause);
      }
    }
  };
  return {
    address,
    ...queriesOf((sql, values) => again(() => pool.query(sql, [...values]))),
    transaction: (act) => again((isAgain) => transaction(pool, (queries) => act(queries, isAgain))),
    ping: async () => {
      try {
        await pool.query('select 1');
      } catch (error) {
        throw explained(error);
      }
    },
    close: () => {
      closed ??= pool.end();
      return closed;
    },
  };
}

type Connected = ((error: Error) => void) | ((error: null, client: Client) => void);

/** pg itself leaves a connection open whose login has failed on this side: a minute, until the server closes it. */
class Closing extends Client {
  override connect(): Promise<Client>;
  override connect(done: Connected): void;
  override connect(done?: Connected): Promise<Client> | undefined {
    if (done === undefined) return super.connect();
    super.connect((error: Error) => {
      if (error) void this.end();
      (done as (error: Error) => void)(error);
    });
    return undefined;
  }
}

function createPool({ host, port, user, password, database, tls }: PostgresAddress): Pool {
  const numbers = new TypeOverrides(types);
  numbers.setTypeParser(INT8, Number);
  const pool = new Pool({
    Client: Closing,
    host,
    port,
    user,
    // Never another one, from PGPASSWORD or a file: nobody would know it for a secret.
    password: password ?? (() => ''),
    database,
    ssl: tls === undefined ? false : { rejectUnauthorized: tls.verify, ...filesOf(tls) },
    types: numbers,
    application_name: 'breakout-bell',
    max: CONNECTIONS,
    connectionTimeoutMillis: CONNECT_MS,
    // Of ours, not the server's: of a connection that is half open nobody else would tell.
    query_timeout: ANSWER_MS,
    keepAlive: true,
    allowExitOnIdle: true,
  });
  // A connection that ends while nobody uses it: the next question gets a new one.
  pool.on('error', () => {});
  return pool;
}

function filesOf({ ca, cert, key }: NonNullable<PostgresAddress['tls']>) {
  return { ...(ca && { ca }), ...(cert && { cert }), ...(key && { key }) };
}

async function transaction<T>(pool: Pool, act: (queries: Queries) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  // Between two statements nobody else listens.
  const lost = () => {};
  client.on('error', lost);
  let broken: unknown = true;
  try {
    await client.query(BEGIN);
    const result = await act(queriesOf((sql, values) => client.query(sql, [...values])));
    await client.query('commit');
    broken = undefined;
    return result;
  } catch (error) {
    broken = isPassing(error) || !(await isRolledBack(client));
    throw error;
  } finally {
    client.off('error', lost);
    client.release(broken ? true : undefined);
  }
}

async function isRolledBack(client: PoolClient): Promise<boolean> {
  try {
    await client.query('rollback');
    return true;
  } catch {
    return false;
  }
}

type Ask = (sql: string, values: readonly unknown[]) => Promise<{ rows: unknown[]; rowCount: number | null }>;

function queriesOf(ask: Ask): Queries {
  return {
    rows: async <T>(sql: string, ...values: readonly unknown[]) => (await ask(sql, values)).rows as T[],
    row: async <T>(sql: string, ...values: readonly unknown[]) => (await ask(sql, values)).rows[0] as T | undefined,
    changes: async (sql, ...values) => (await ask(sql, values)).rowCount ?? 0,
  };
}
