import type { Exchange } from '../../market/exchange.ts';
import type { ClosesStore } from '../closes.ts';
import type { Ledger } from '../ledger.ts';
import type { PostgresAddress } from './address.ts';
import { createPostgresCloses } from './closes.ts';
import { createPostgresLedger } from './ledger.ts';
import { openPostgres } from './open.ts';

/**
 * Opens ledger and closes of several hosts.
 * @param tell takes a line for a person
 * @throws {DatabaseError} where it cannot be used
 */
export async function openPostgresStores(
  address: PostgresAddress,
  exchangeOf: (symbol: string) => Exchange,
  tell: (line: string) => void,
): Promise<{ readonly ledger: Ledger; readonly closes: ClosesStore; readonly close: () => void }> {
  const postgres = await openPostgres(address);
  try {
    const { ledger, opened } = await createPostgresLedger(postgres, tell);
    const closes = await createPostgresCloses(opened, exchangeOf);
    return { ledger, closes, close: () => void postgres.close() };
  } catch (error) {
    await postgres.close();
    throw error;
  }
}
