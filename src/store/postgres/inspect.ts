import type { Places } from './place.ts';
import type { Postgres } from './postgres.ts';

/** Further apart than this, the clocks of two machines are not set by the same time. In milliseconds. */
const CLOCKS_AGREE = 5_000;

/** What the server says of itself. */
interface Facts {
  readonly version: string;
  readonly at: number;
  readonly mayCreate: boolean;
  readonly tls: string | null;
  readonly careless: string | null;
  readonly replicas: readonly { readonly state: string | null; readonly sync: string | null }[];
}

const FACTS = `
  select current_setting('server_version') as version,
    extract(epoch from clock_timestamp()) * 1000 as at,
    has_schema_privilege(current_schema(), 'create') as "mayCreate",
    (select version from pg_stat_ssl where pid = pg_backend_pid() and ssl) as tls,
    (select string_agg(name || '=' || setting, ', ' order by name) from pg_settings
       where name in ('fsync', 'full_page_writes', 'synchronous_commit') and setting = 'off') as careless,
    coalesce((select json_agg(json_build_object('state', state, 'sync', sync_state)) from pg_stat_replication), '[]') as replicas`;

/**
 * What a person should know of a server beside what is stored there, a line each: how it is reached, whether its clock agrees,
 * and what is lost with it.
 * @param now this machine's clock, epoch milliseconds
 */
export async function inspect(postgres: Postgres, places: Places, now: () => number): Promise<string[]> {
  const asked = now();
  const facts = await postgres.row<Facts>(FACTS);
  if (facts === undefined) return [];
  const { version, tls, careless, mayCreate } = facts;
  const { user } = postgres.address;
  return [
    `PostgreSQL ${version.split(' ')[0]}, ${tls === null ? 'not encrypted' : `encrypted (${tls})`}, ${clockWords(Number(facts.at), (asked + now()) / 2)}`,
    replicaWords(facts.replicas, user),
    ...(careless === null
      ? []
      : [`it runs with ${careless}: a power cut may lose the last writes; turn that on again`]),
    ...(mayCreate ? [] : [`${user} may not create tables, so an update could not bring its own: make it the owner`]),
    ...(places.seesFailOver
      ? []
      : ['it does not say which server it is: if a fail-over lost the last writes, nobody would notice']),
  ];
}

function clockWords(theirs: number, ours: number): string {
  const off = Math.abs(theirs - ours);
  if (off <= CLOCKS_AGREE) return 'its clock agrees with this one';
  const seconds = Math.round(off / 1000);
  return `its clock is ${seconds} seconds ${theirs > ours ? 'ahead of' : 'behind'} this one: synchronise both`;
}

function replicaWords(replicas: Facts['replicas'], user: string): string {
  if (replicas.length === 0) {
    return 'it has no replica: while this server is down nothing is monitored, and if its disk fails the ledger is lost';
  }
  const count = replicas.length === 1 ? '1 replica' : `${replicas.length} replicas`;
  if (replicas.some(({ state }) => state === null)) {
    return `${count}; how far they are is not shown to ${user} (grant pg_monitor to ${user})`;
  }
  const isSafe = replicas.some(({ sync }) => sync === 'sync' || sync === 'quorum');
  const alone = replicas.length === 1 ? '; while it is down nothing can be written, so two are better' : '';
  return isSafe
    ? `${count}, kept in step: a fail-over loses nothing${alone}`
    : `${count}, a moment behind: a fail-over may lose the last writes, and messages then say that they may be a repeat`;
}
