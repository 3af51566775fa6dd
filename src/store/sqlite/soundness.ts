import { DatabaseError } from '../errors.ts';
import type { Database } from './database.ts';

/** A database whose pages do not fit together. */
class DamagedError extends DatabaseError {
  override name = 'DamagedError';
}

/** What is wrong with a database, by a quick look; null: its pages fit together. */
export function unsoundness(database: Database): string | null {
  const health = database.pragma('quick_check', { simple: true });
  return health === 'ok' ? null : (String(health).split('\n')[0] ?? 'damaged');
}

/** @throws {DamagedError} where the pages of a database do not fit together */
export function requireSound(database: Database, path: string): void {
  const health = database.pragma('integrity_check(1)', { simple: true });
  if (health !== 'ok') throw new DamagedError(`${path} is damaged: ${String(health).split('\n')[0]}; use another copy`);
}

/** True where a database cannot be read, as it is damaged or none. */
export function isDamage(error: unknown): boolean {
  const { code = '' } = ((error as Error).cause ?? error) as { code?: string };
  return error instanceof DamagedError || /^SQLITE_(CORRUPT|NOTADB)/.test(code);
}
