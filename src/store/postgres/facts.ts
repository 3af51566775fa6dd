import { hostname } from 'node:os';
import { CLOCK } from '../parts.ts';
import type { Queries } from './postgres.ts';

/** What is noted of the clock is that of one machine's. */
export function nameHere(name: string): string {
  return name === CLOCK ? `${CLOCK} ${hostname()}` : name;
}

/** A single value by name; undefined: none is noted. */
export async function factOf({ row }: Queries, name: string): Promise<string | undefined> {
  return (await row<{ value: string }>('select value from facts where name = $1', name))?.value;
}

/** @param value null: none any more. @returns false where it was that already */
export async function noteFact({ changes }: Queries, name: string, value: string | null): Promise<boolean> {
  if (value === null) return (await changes('delete from facts where name = $1', name)) === 1;
  const changed = await changes(
    `insert into facts (name, value) values ($1, $2)
       on conflict (name) do update set value = excluded.value where facts.value <> excluded.value`,
    name,
    value,
  );
  return changed === 1;
}

/** Notes a value where none is noted. @returns the one that is noted from now on */
export async function keepFact(queries: Queries, name: string, value: string): Promise<string> {
  await queries.changes('insert into facts (name, value) values ($1, $2) on conflict (name) do nothing', name, value);
  return (await factOf(queries, name)) ?? value;
}

/** Counts what is decided to be told and every attempt to tell it: an older copy has come less far. */
export async function countTold({ changes }: Queries): Promise<void> {
  await changes(
    `insert into facts (name, value) values ('told', '1')
       on conflict (name) do update set value = (facts.value::bigint + 1)::text`,
  );
}
