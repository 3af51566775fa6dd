import { CLOCKS_DIFFER, NO_EARLIER } from '../../market/stamp.ts';
import type { Postgres, Queries } from './postgres.ts';

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
];
/** Tables of which each host keeps a copy: what is changed in them gets the next version of its symbol. */
const COPIED = ['closes', 'packed_closes'];

type Times = Readonly<Record<'now' | 'limit' | 'floor' | 'notBefore', string>>;

/** The same as SQLite's. Stamps by the database's own clock are true, whatever the hosts' say. */
export async function voidFutureStamps(postgres: Postgres, now: number, longestPutOff: number): Promise<void> {
  const times: Times = {
    now: new Date(now).toISOString(),
    limit: new Date(now + CLOCKS_DIFFER).toISOString(),
    floor: new Date(NO_EARLIER).toISOString(),
    notBefore: new Date(now + longestPutOff + CLOCKS_DIFFER).toISOString(),
  };
  const steps = [...HAPPENED.map(happened), ...OTHERS, MESSAGES];
  const due = await dueOf(postgres, steps, times);
  if (due.length === 0) return;
  await postgres.transaction(async (queries) => {
    if (due.includes(MESSAGES)) await mendMessages(queries, times);
    for (const { mend } of due) for (const sql of mend) await run(queries, sql, times);
  });
}

/** PostgreSQL's own change of a JSON text would put its figures into another order, in which people would read them. */
async function mendMessages(queries: Queries, times: Times): Promise<void> {
  const [sql, values] = bound(`select message, body from ${MESSAGES.where}`, times);
  for (const { message, body } of await queries.rows<{ message: string; body: string }>(sql, ...values)) {
    const mended = JSON.stringify({ ...JSON.parse(body), createdAt: times.now });
    await queries.changes('update messages set body = $2 where message = $1', message, mended);
  }
}

interface Step {
  /** What follows `from`. */
  readonly where: string;
  readonly mend: readonly string[];
}

const wrong = (column: string) => `(${column} > :limit or ${column} < :floor)`;

function happened([table, ...columns]: readonly [string, ...string[]]): Step {
  const where = columns.map(wrong).join(' or ');
  const set = columns.map((column) => `${column} = case when ${wrong(column)} then :now else ${column} end`).join(', ');
  const mend = COPIED.includes(table)
    ? [
        `update symbols set version = version + 1, writer = null where symbol in (select symbol from ${table} where ${where})`,
        `update ${table} t set ${set}, version = (select s.version from symbols s where s.symbol = t.symbol) where ${where}`,
      ]
    : [`update ${table} set ${set} where ${where}`];
  return { where: `${table} where ${where}`, mend };
}

const WRONG_REVISION = `${wrong('from_read_at')} or ${wrong('to_read_at')}`;
const PAUSE_ENDS = "pauses where until > :limit and until not like '%:00:00.000Z'";

const MESSAGES: Step = {
  where: `messages where ${wrong('created_at')}`,
  mend: [`update messages set created_at = :now where ${wrong('created_at')}`],
};

const OTHERS: readonly Step[] = [
  {
    where: `revisions where ${WRONG_REVISION}`,
    mend: [
      `update symbols set version = version + 1, writer = null where symbol in (select symbol from revisions where ${WRONG_REVISION})`,
      `with taken as (delete from revisions where ${WRONG_REVISION} returning *)
         insert into revisions select distinct on (1, 2, 7, 5) t.symbol, t.session, t.from_close,
           case when ${wrong('t.from_read_at')} then :now else t.from_read_at end, t.from_believed, t.to_close,
           case when ${wrong('t.to_read_at')} then :now else t.to_read_at end, t.to_believed, s.version
         from taken t join symbols s using (symbol) order by 1, 2, 7, 5, t.to_read_at desc
         on conflict (symbol, session, to_read_at, from_believed) do update set from_close = excluded.from_close,
           from_read_at = excluded.from_read_at, to_close = excluded.to_close, to_believed = excluded.to_believed,
           version = excluded.version`,
    ],
  },
  {
    where: 'deliveries where not_before > :notBefore',
    mend: ['update deliveries set not_before = null where not_before > :notBefore'],
  },
  // A person ends a pause on a midnight of New York; any other instant is that of a resume.
  { where: PAUSE_ENDS, mend: [`update ${PAUSE_ENDS.replace(' where', ' set until = :now where')}`] },
  // Which days were no sessions is not known by such a look.
  {
    where: 'symbols where read_at > :limit',
    mend: ['update symbols set read_at = :floor where read_at > :limit'],
  },
  {
    where: "facts where name = 'restored' and value > :limit",
    mend: ["update facts set value = :now where name = 'restored' and value > :limit"],
  },
  // The newest is the one that is under way.
  {
    where: `runs where ${wrong('started_at')}`,
    mend: [
      `update runs set started_at = :now where run = (select max(run) from runs) and ${wrong('started_at')}`,
      `delete from runs where ${wrong('started_at')}`,
    ],
  },
];

async function dueOf(queries: Queries, steps: readonly Step[], times: Times): Promise<Step[]> {
  // One question for all of them: mostly there is nothing to do.
  const asked = steps.map(({ where }, at) => `exists (select 1 from ${where}) as "${at}"`).join(', ');
  const [sql, values] = bound(`select ${asked}`, times);
  const found = await queries.row<Record<string, boolean>>(sql, ...values);
  return steps.filter((_, at) => found?.[at] === true);
}

async function run(queries: Queries, text: string, times: Times): Promise<void> {
  const [sql, values] = bound(text, times);
  await queries.changes(sql, ...values);
}

/** A text with `:now` and the like as PostgreSQL takes it: with the numbers of the values. */
function bound(text: string, times: Times): readonly [sql: string, values: readonly string[]] {
  const names = (Object.keys(times) as (keyof Times)[]).filter((name) => new RegExp(`:${name}\\b`).test(text));
  const sql = names.reduce((sofar, name, at) => sofar.replaceAll(new RegExp(`:${name}\\b`, 'g'), `$${at + 1}`), text);
  return [sql, names.map((name) => times[name])];
}
