import { createHash } from 'node:crypto';
import { count } from '../../message/format.ts';
import { DatabaseError } from '../errors.ts';
import type { Database } from '../sqlite/database.ts';
import { factOf as factOfFile } from '../sqlite/facts.ts';
import { COPIED_TABLES, type CopiedTable, NUMBERED } from './copied-tables.ts';
import { factOf, nameHere } from './facts.ts';
import type { Postgres, Queries } from './postgres.ts';

/** So much goes in one statement, in characters and in rows: it must be done within seconds. */
const BATCH_TEXT = 1e6;
const BATCH_ROWS = 5_000;
/** So many rows are read back at once: a year of closes is a few kilobytes. */
const READ_ROWS = 2_000;

type Row = Readonly<Record<string, string | number | null>>;

/** What tells the rows of one table from any others, in their order. */
interface Digest {
  readonly rows: number;
  readonly hash: string;
}

/**
 * Copies a SQLite file whole into an empty database and reads all of it back, in one transaction: everything is there
 * afterwards, or nothing. A database that holds this very copy already, as an earlier call was killed or lost its answer, is
 * left as it is.
 * @param file nobody may write to it meanwhile
 * @throws {DatabaseError} where the database is not empty, or a row did not arrive as it is
 */
export async function copyFile(postgres: Postgres, file: Database): Promise<void> {
  file.function('sha256', { deterministic: true }, (text) => createHash('sha256').update(String(text)).digest('hex'));
  file.function('name_here', { deterministic: true }, (name) => nameHere(String(name)));
  const { shown } = postgres.address;
  await postgres.transaction(async (queries) => {
    // Whoever reads goes on; who would write waits, and finds a ledger.
    await queries.rows(`lock table ${[...COPIED_TABLES.map(({ name }) => name), 'instances', 'lease'].join()}
      in share row exclusive mode`);
    const filled = await filledTable(queries);
    if (filled !== undefined) {
      await requireCopy(queries, file, filled, postgres.address);
      return;
    }
    for (const table of COPIED_TABLES) await copyTable(queries, file, table, shown);
    for (const [table, column] of NUMBERED) {
      await queries.rows(`select setval(pg_get_serial_sequence('${table}', '${column}'), max(${column}))
        from ${table} having max(${column}) > 0`);
    }
  });
}

/** A table that has rows of its own; undefined: there is only what the schema itself brings. */
async function filledTable({ row }: Queries): Promise<string | undefined> {
  const tables = [...COPIED_TABLES.map(({ name }) => name), 'instances'];
  const found = await row<{ name: string }>(
    `${tables.map((name) => `(select '${name}' as name where exists (select from ${name}))`).join(' union all ')} limit 1`,
  );
  return found?.name;
}

/** @throws {DatabaseError} unless the database holds what the file does, to the last row */
async function requireCopy(
  queries: Queries,
  file: Database,
  filled: string,
  { shown, database }: Postgres['address'],
): Promise<void> {
  const ledger = factOfFile(file, 'ledger');
  if (ledger === undefined || (await factOf(queries, 'ledger')) !== ledger) {
    throw new DatabaseError(
      `the database ${shown} is not empty (there are rows in ${filled}); point DATABASE_URL to an empty one, for instance: createdb ${database}-2`,
    );
  }
  for (const table of COPIED_TABLES) {
    if (isSame(digestOf(rowsOf(file, table)), await readBack(queries, table))) continue;
    throw new DatabaseError(
      `the database ${shown} was copied from ${file.name} before and has gone on since (${table.name} differs); keep DATABASE_URL, and move ${file.name} away, so that nothing uses it any more`,
    );
  }
}

async function copyTable(queries: Queries, file: Database, table: CopiedTable, shown: string): Promise<void> {
  const { name } = table;
  const sent = await send(queries, file, table);
  const there = await readBack(queries, table);
  if (isSame(sent, there)) return;
  const rows = `${count(sent.rows)} rows in ${file.name}, ${count(there.rows)} in ${shown}`;
  const others = sent.rows === there.rows ? ', but not the same ones' : '';
  throw new DatabaseError(
    `the table ${name} did not arrive unchanged: ${rows}${others}. Nothing was kept there; point DATABASE_URL to a database of its own, without triggers and rules`,
  );
}

async function send({ changes }: Queries, file: Database, table: CopiedTable): Promise<Digest> {
  const { name, columns } = table;
  const names = Object.keys(columns).join();
  const types = Object.entries(columns).map(([column, type]) => `${column} ${type}`);
  const sql = `insert into ${name} (${names}) select ${names} from json_to_recordset($1) as r (${types.join()})`;
  let batch: string[] = [];
  let size = 0;
  const digest = new RowsDigest();
  const flush = async () => {
    if (batch.length > 0) await changes(sql, `[${batch.join()}]`);
    batch = [];
    size = 0;
  };
  for (const row of rowsOf(file, table)) {
    const text = JSON.stringify(row);
    batch.push(text);
    size += text.length;
    digest.add(row);
    if (size >= BATCH_TEXT || batch.length >= BATCH_ROWS) await flush();
  }
  await flush();
  return digest.end();
}

function rowsOf(file: Database, { from }: CopiedTable): Iterable<Row> {
  return file.prepare(from).iterate() as Iterable<Row>;
}

/** What a table holds, in the order and with the columns that the file was read in. */
async function readBack({ rows }: Queries, { name, columns, order }: CopiedTable): Promise<Digest> {
  await rows(
    `declare copied no scroll cursor for select ${Object.keys(columns).join()} from ${name} order by ${order}`,
  );
  const digest = new RowsDigest();
  for (;;) {
    const some = await rows<Row>(`fetch ${READ_ROWS} from copied`);
    for (const row of some) digest.add(row);
    if (some.length < READ_ROWS) break;
  }
  await rows('close copied');
  return digest.end();
}

function digestOf(rows: Iterable<Row>): Digest {
  const digest = new RowsDigest();
  for (const row of rows) digest.add(row);
  return digest.end();
}

function isSame(a: Digest, b: Digest): boolean {
  return a.rows === b.rows && a.hash === b.hash;
}

/** Numbers are compared as JavaScript writes them: two that are not the same to the last bit have not one text. */
class RowsDigest {
  readonly #hash = createHash('sha256');
  #rows = 0;

  add(row: Row): void {
    this.#hash.update(`${JSON.stringify(Object.values(row))}\n`);
    this.#rows++;
  }

  end(): Digest {
    return { rows: this.#rows, hash: this.#hash.digest('hex') };
  }
}
