import { existsSync } from 'node:fs';
import { channelRemarks, unencryptedChannels } from '../channel/channel-settings.ts';
import { isOpenTo, type Variables } from '../channel/variables.ts';
import type { PostgresAddress } from '../store/postgres/address.ts';
import type { Environment } from './environment.ts';
import { isOwnMachine } from './postgres-tls.ts';

/** Where the ledger is, for who could take it to be elsewhere. */
export function ledgerRemarks({ DATABASE_URL, DATABASE_PATH }: Variables, databasePath: string): string[] {
  return DATABASE_URL === undefined || DATABASE_PATH === undefined || !existsSync(databasePath)
    ? []
    : [
        'DATABASE_URL takes precedence over DATABASE_PATH: the ledger is in PostgreSQL; the database file, its backups and its .known file are not used.',
      ];
}

/** What is for a test or a private network, and easily forgotten there, a line each. */
export function trustRemarks(
  env: Variables,
  environment: Environment,
  postgres: PostgresAddress | undefined,
  root: string,
): string[] {
  const heartbeat = isOpenTo(URL.parse(env.HEARTBEAT_URL ?? ''), 'http:') ? ['HEARTBEAT_URL'] : [];
  const database =
    postgres !== undefined && postgres.tls === undefined && !isOwnMachine(postgres.host) ? ['DATABASE_URL'] : [];
  const open = [...unencryptedChannels(env), ...heartbeat, ...database].sort();
  return [
    ...channelRemarks(env, root),
    ...(postgres?.tls?.verify === false
      ? ['DATABASE_URL turns off certificate verification: anyone on the network path can read the password.']
      : []),
    ...open.map(
      (name) => `${name} is unencrypted and leads to another machine: anyone on the network path can read it.`,
    ),
    ...(environment.NODE_TLS_REJECT_UNAUTHORIZED === '0'
      ? [
          'NODE_TLS_REJECT_UNAUTHORIZED=0 turns off all certificate verification: anyone on the network path can read the tokens.',
        ]
      : []),
  ];
}
