import type { Daemon } from '../runs.ts';
import { LEASE_END } from './lease.ts';
import type { Queries } from './postgres.ts';

const stamp = (column: string) => `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

// The pid is to be shown only: on which machine it means something nobody knows here.
const DAEMON = `i.id, i.host, i.pid, null as "processStarted", i.started_at as "startedAt",
  ${stamp('i.first_seen_at')} as "firstSeenAt", ${stamp('i.seen_at')} as "seenAt", i.rules`;

interface Row extends Omit<Daemon, 'rules' | 'gone'> {
  readonly rules: string | null;
  readonly gone: boolean;
}

/** The daemon that leads, or that did and was not stopped; undefined after a clean stop. */
export async function knownDaemon({ row }: Queries): Promise<Daemon | undefined> {
  // Also one that is not among the instances any more.
  const found = await row<Row>(
    `select ${DAEMON}, i.gone, i.leads_for as "leadsFor" from (
       select l.holder as id, l.host, l.pid, coalesce(i.started_at, ${stamp('l.taken_at')}) as started_at,
         coalesce(i.first_seen_at, l.taken_at) as first_seen_at, coalesce(i.seen_at, l.expires_at) as seen_at, i.rules,
         l.expires_at <= clock_timestamp() as gone,
         floor(extract(epoch from clock_timestamp() - l.taken_at) * 1000)::integer as leads_for
       from lease l left join instances i on i.id = l.holder where l.name = 'leader' and l.holder is not null) i`,
  );
  return found && toDaemon(found);
}

/** @returns the daemon that leads instead; undefined where this one leads now */
export async function lead(queries: Queries, daemon: Daemon): Promise<Daemon | undefined> {
  await putInstance(queries, daemon);
  const leads = await queries.changes(
    `update lease set holder = $1, host = $2, pid = $3, expires_at = ${LEASE_END},
       token = token + (holder is distinct from $1 or expires_at <= clock_timestamp())::integer,
       taken_at = case when holder = $1 and expires_at > clock_timestamp() then taken_at else clock_timestamp() end
     where name = 'leader' and (holder is null or holder = $1 or expires_at <= clock_timestamp())`,
    daemon.id,
    daemon.host,
    daemon.pid,
  );
  if (leads === 1) return undefined;
  // Where that one has just stopped, there is none.
  return (await knownDaemon(queries)) ?? lead(queries, daemon);
}

/** All that live, and those that died not long ago, in the order of their start. */
export async function instances({ rows }: Queries): Promise<Daemon[]> {
  const found = await rows<Row>(
    `select ${DAEMON}, i.seen_at < clock_timestamp() - interval '45 seconds' as gone
       from instances i order by i.first_seen_at, i.id`,
  );
  return found.map(toDaemon);
}

/** Says that a daemon lives; forgets those that have not said so for a day. */
export async function putInstance({ changes }: Queries, daemon: Daemon): Promise<void> {
  const { id, host, pid, rules, startedAt } = daemon;
  await changes(
    `insert into instances (id, host, pid, rules, started_at) values ($1, $2, $3, $4, $5)
       on conflict (id) do update set seen_at = clock_timestamp(), rules = excluded.rules`,
    id,
    host,
    pid,
    rules,
    startedAt,
  );
  await changes("delete from instances where seen_at < clock_timestamp() - interval '1 day'");
}

/** Forgets a daemon; one that has taken its place leads on. */
export async function forgetDaemon({ changes }: Queries, id: string): Promise<void> {
  await changes("update lease set holder = null, expires_at = '-infinity' where name = 'leader' and holder = $1", id);
  await changes('delete from instances where id = $1', id);
}

function toDaemon({ rules, gone, ...daemon }: Row): Daemon {
  return { ...daemon, ...(rules !== null && { rules }), ...(gone && { gone }) };
}
