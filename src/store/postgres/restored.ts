import type { Queries } from './postgres.ts';

/** What is due before this instant may have been told: said of a ledger that may have lost its end. */
export async function markRestored({ changes }: Queries, now: string): Promise<void> {
  await changes(
    "insert into facts (name, value) values ('restored', $1) on conflict (name) do update set value = excluded.value",
    now,
  );
  await changes(
    `update deliveries set unknown_attempts = greatest(unknown_attempts, 1), claimed_by = null, may_arrive_until = null,
       state = case when state = 'failed' then state else 'unknown' end,
       reason = case when state = 'failed' then reason else 'it may have been sent before the database was restored' end
     where state <> 'sent'`,
  );
}

/** When the ledger may last have lost its end, ISO instant; undefined: never. */
export async function restoredAt({ row }: Queries): Promise<string | undefined> {
  return (await row<{ value: string }>("select value from facts where name = 'restored'"))?.value;
}
