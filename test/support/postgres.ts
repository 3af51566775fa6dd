import { randomUUID } from 'node:crypto';
import { onTestFinished } from 'vitest';
import { NO_PROGRAMS } from './postgres-programs.ts';
import { inDatabase, type PostgresServer, startServer } from './postgres-server.ts';

/** The server that tests use instead, as a user that may create databases. */
const ELSEWHERE = process.env.TEST_DATABASE_URL || undefined;

/** Why there is no PostgreSQL for tests: what needs one skips itself with this; undefined: there is one. */
export const NO_POSTGRES = ELSEWHERE === undefined ? NO_PROGRAMS : undefined;

/** Why there is none that a test may stop and kill; undefined: there is. */
export const NO_POSTGRES_OF_ITS_OWN = NO_PROGRAMS;

/** One for all test files of this worker, started by the first test that needs it. It ends with the worker's process. */
let shared: Promise<PostgresServer> | undefined;

/**
 * A new empty database that an ordinary user owns, dropped when the test ends. It is in the server at TEST_DATABASE_URL where
 * that is set (its user must be allowed to create databases).
 */
export async function newDatabase(): Promise<{ readonly url: string }> {
  const name = `bell_${randomUUID().replaceAll('-', '')}`;
  if (ELSEWHERE === undefined) shared ??= startServer();
  const server = await shared;
  const [admin = '', url = ''] = server === undefined ? [ELSEWHERE, ELSEWHERE] : [server.superuserUrl, server.url];
  const owner = new URL(url);
  await inDatabase(admin, (client) =>
    // A third of the time of the usual way, where nothing waits for a disk.
    client.query(
      `create database ${name} strategy file_copy owner ${client.escapeIdentifier(decodeURIComponent(owner.username))}`,
    ),
  );
  onTestFinished(() =>
    inDatabase(admin, (client) => client.query(`drop database ${name} with (force)`)).then(() => {}),
  );
  owner.pathname = name;
  return { url: owner.href };
}
