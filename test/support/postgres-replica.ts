import { copyFileSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { Client } from 'pg';
import { freePort } from './ports.ts';
import { inDatabase, own, type PostgresServer, serve, serverFolder } from './postgres-server.ts';

/** Folders whose content is of one server only, or is streamed: as pg_basebackup leaves them out. */
const EMPTY = /^pg_(wal|replslot|dynshmem|notify|serial|snapshots|stat_tmp|subtrans)$/;

/** A server that follows another one, and can be read meanwhile. */
export interface Replica extends PostgresServer {
  /** Waits until it has all that the other one has committed by now. */
  caughtUp(): Promise<void>;
  /** Follows nobody any more and takes writes, on a new timeline. */
  promote(): Promise<void>;
}

/**
 * Copies a running server and follows it: `const replica = await useStandIn(startReplica(server))`.
 * @param through the port of a proxy before the server, where the stream shall go through one
 */
export async function startReplica(server: PostgresServer, { through = server.port } = {}): Promise<Replica> {
  const { folder, life } = serverFolder();
  const data = join(folder, 'data');
  await inDatabase(server.superuserUrl, async (client) => {
    await client.query("select pg_backup_start('replica', true)");
    copy(server.folder, data);
    const { rows } = await client.query('select labelfile from pg_backup_stop(false)');
    writeFileSync(join(data, 'backup_label'), rows[0].labelfile);
  });
  writeFileSync(join(data, 'standby.signal'), '');
  own(data);
  const { username, password } = new URL(server.superuserUrl);
  const replica = serve(data, await freePort(), life, {
    primary_conninfo: `host=127.0.0.1 port=${through} user=${username} password=${password}`,
  });
  await replica.start();
  return {
    ...replica,
    caughtUp: async () => {
      const position = await inDatabase(server.superuserUrl, (client) =>
        resultOf(client, 'pg_current_wal_lsn()::text'),
      );
      await inDatabase(replica.superuserUrl, async (client) => {
        while (!(await resultOf(client, `pg_last_wal_replay_lsn() >= '${position}'`))) await setTimeout(10);
      });
    },
    promote: async () => {
      await inDatabase(replica.superuserUrl, (client) => resultOf(client, 'pg_promote()'));
    },
  };
}

async function resultOf(client: Client, expression: string): Promise<unknown> {
  const { rows } = await client.query(`select ${expression} as value`);
  return rows[0].value;
}

/** Copies the files of a server that runs: some may go meanwhile. */
function copy(from: string, to: string): void {
  mkdirSync(to, { mode: 0o700 });
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory()) {
      if (EMPTY.test(entry.name)) mkdirSync(target, { mode: 0o700 });
      else copy(source, target);
    } else if (!entry.name.startsWith('postmaster.')) {
      copyFile(source, target);
    }
  }
}

function copyFile(source: string, target: string): void {
  try {
    copyFileSync(source, target);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    rmSync(target, { force: true });
  }
}
