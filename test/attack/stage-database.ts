import { randomUUID } from 'node:crypto';
import { chmodSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { Client } from 'pg';
import { inDatabase, type PostgresServer } from '../support/postgres-server.ts';
import { OFFSET_FOR_POSTGRES } from './clock-file.ts';

/** So often, and so many times, a copy is tried again while somebody who was killed is still connected, in milliseconds. */
const AGAIN_MS = 50;
const MOST_TIMES = 100;
const EMPTY = 'template0';
/** PostgreSQL's name for a database that somebody is connected to. */
const IN_USE = '55006';

/**
 * A database of a stage, by whose clock its `clock_timestamp()` goes: one function of that name stands before PostgreSQL's own,
 * and reads the file. Several stages share a server, each by a clock of its own.
 */
export class StageDatabase {
  readonly url: string;
  readonly #name = `bell_${randomUUID().replaceAll('-', '')}`;
  readonly #server: PostgresServer;
  readonly #clock: string;
  #copies = 0;

  constructor(server: PostgresServer, clock: string) {
    this.#server = server;
    this.#clock = clock;
    this.url = Object.assign(new URL(server.url), { pathname: this.#name }).href;
    // The server runs as another user, where the harness is root.
    chmodSync(dirname(clock), 0o755);
  }

  /** Puts it back to what it was. @param copy the name of a database; undefined: empty */
  async reset(copy = EMPTY): Promise<void> {
    await this.#asAdmin(async (admin) => {
      await admin.query(`drop database if exists ${this.#name} with (force)`);
      const owner = admin.escapeIdentifier(decodeURIComponent(new URL(this.url).username));
      await admin.query(`create database ${this.#name} template ${copy} strategy file_copy owner ${owner}`);
      await admin.query(`alter database ${this.#name} set search_path = public, pg_catalog`);
    });
    const own = Object.assign(new URL(this.#server.superuserUrl), { pathname: this.#name }).href;
    await inDatabase(own, async (client) => {
      await client.query(this.#clockFunction(client));
      // A copy is another database, which would be taken for one that was put back.
      if (copy !== EMPTY) await client.query("delete from facts where name = 'place'");
    });
  }

  /** Copies it as it is now. Nobody may write meanwhile. @returns the name of the copy */
  async copy(): Promise<string> {
    const copy = `${this.#name}_${this.#copies++}`;
    await this.#asAdmin(async (admin) => {
      for (let time = 1; ; time++) {
        try {
          await admin.query(`create database ${copy} template ${this.#name} strategy file_copy`);
          return;
        } catch (error) {
          if ((error as { code?: string }).code !== IN_USE || time === MOST_TIMES) throw error;
          await setTimeout(AGAIN_MS);
        }
      }
    });
    return copy;
  }

  async close(): Promise<void> {
    const copies = Array.from({ length: this.#copies }, (_, nth) => `${this.#name}_${nth}`);
    await this.#asAdmin(async (admin) => {
      for (const name of [this.#name, ...copies]) await admin.query(`drop database if exists ${name} with (force)`);
    });
  }

  #asAdmin(work: (admin: Client) => Promise<void>): Promise<void> {
    return inDatabase(this.#server.superuserUrl, work);
  }

  #clockFunction(client: Client): string {
    const bytes = `pg_read_binary_file(${client.escapeLiteral(this.#clock)}, ${OFFSET_FOR_POSTGRES}, 8)`;
    return `create or replace function public.clock_timestamp() returns timestamptz language sql volatile security definer as $$
      select pg_catalog.clock_timestamp() + ('x' || encode(${bytes}, 'hex'))::bit(64)::bigint * interval '1 millisecond' $$`;
  }
}
