import { CLOCKS_DIFFER, NO_EARLIER } from '../../market/stamp.ts';
import type { Database } from './database.ts';
import { prepared } from './prepared.ts';

/** Stamps of what has happened, so one that cannot be true becomes the present: nobody knows when it was. */
const HAPPENED: readonly (readonly [table: string, ...columns: string[]])[] = [
  ['closes', 'first_read_at', 'read_at', 'held_since'],
  ['packed_closes', 'read_at'],
  ['signals', 'evaluated_at'],
  ['events', 'gone_since', 'changed_since'],
  ['deliveries', 'changed_at'],
  ['runs', 'ended_at'],
  ['pauses', 'since'],
  ['acknowledgements', 'at'],
  ['daemon', 'started_at', 'seen_at'],
  ['instances', 'started_at', 'seen_at'],
];
const REVISIONS = ['revisions', 'from_read_at', 'to_read_at'] as const;

/**
 * Takes out of the database what a clock that was wrong has left in it, so that nothing is silenced, put off or kept indefinitely
 * because of it. To be called by a clock that can be true only. What a probe, a copy or a digest says of itself is judged
 * where it is asked, and a lease where it is taken.
 * @param now epoch milliseconds
 * @param longestPutOff no delivery is put off for longer, in milliseconds
 */
export function voidFutureStamps(database: Database, now: number, longestPutOff: number): void {
  const times = {
    now: new Date(now).toISOString(),
    limit: new Date(now + CLOCKS_DIFFER).toISOString(),
    floor: new Date(NO_EARLIER).toISOString(),
    notBefore: new Date(now + longestPutOff + CLOCKS_DIFFER).toISOString(),
  };
  const wrong = (column: string) => `(${column} > :limit or ${column} < :floor)`;
  const happened = ([table, ...columns]: readonly [string, ...string[]], how = 'update') => ({
    where: `from ${table} where ${columns.map(wrong).join(' or ')}`,
    mend: `${how} ${table} set ${columns.map((column) => `${column} = iif(${wrong(column)}, :now, ${column})`).join(', ')}
      where ${columns.map(wrong).join(' or ')}`,
  });
  const steps = [
    ...HAPPENED.map((one) => happened(one)),
    happened(REVISIONS, 'update or replace'),
    {
      where: `from messages where ${wrong('created_at')}`,
      mend: `update messages set created_at = :now, body = json_set(body, '$.createdAt', :now) where ${wrong('created_at')}`,
    },
    {
      where: 'from deliveries where not_before > :notBefore',
      mend: 'update deliveries set not_before = null where not_before > :notBefore',
    },
    // A person ends a pause on a midnight of New York; any other instant is that of a resume.
    {
      where: "from pauses where until > :limit and until not like '%:00:00.000Z'",
      mend: "update pauses set until = :now where until > :limit and until not like '%:00:00.000Z'",
    },
    // Which days were no sessions is not known by such a look.
    {
      where: 'from symbols where read_at > :limit',
      mend: 'update symbols set read_at = :floor where read_at > :limit',
    },
    {
      where: "from facts where name = 'restored' and value > :limit",
      mend: "update facts set value = :now where name = 'restored' and value > :limit",
    },
    // The newest is the one that is under way.
    {
      where: `from runs where ${wrong('started_at')}`,
      mend: `update runs set started_at = :now where run = (select max(run) from runs) and ${wrong('started_at')}`,
    },
    { where: `from runs where ${wrong('started_at')}`, mend: `delete from runs where ${wrong('started_at')}` },
  ];
  const due = steps.filter(({ where }) => prepared(database, `select 1 ${where} limit 1`).get(times) !== undefined);
  if (due.length === 0) return;
  database.transaction(() => due.forEach(({ mend }) => void database.prepare(mend).run(times))).immediate();
}
