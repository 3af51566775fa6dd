import { UnreachableError } from '../errors.ts';
import { noteFact } from './facts.ts';
import type { Queries } from './postgres.ts';
import { markRestored } from './restored.ts';

/**
 * Which server and database this is: the cluster, its timeline, which a replica begins anew when it takes over, and the number
 * of the database, which one that was put back from a dump has not kept.
 */
const PLACE = `(pg_control_system()).system_identifier || ' ' || substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8)
  || ' ' || (select oid from pg_database where datname = current_database())`;
/** Services that do not let anybody ask for these. */
const PLACE_BY_NUMBER = '(select oid::text from pg_database where datname = current_database())';

/** How this ledger is told from one that it is not any more. */
export interface Places {
  /** SQL whose value changes with the place. */
  readonly sql: string;
  /** True where a fail-over can be seen. */
  readonly seesFailOver: boolean;
}

export async function placesOf(queries: Queries): Promise<Places> {
  try {
    await queries.row(`select ${PLACE} as place`);
    return { sql: PLACE, seesFailOver: true };
  } catch (error) {
    // Who cannot ask at all must not take it for another place later.
    if (error instanceof UnreachableError) throw error;
    return { sql: PLACE_BY_NUMBER, seesFailOver: false };
  }
}

/** What tells one ledger from an older state of it. */
export interface Mark {
  readonly place: string;
  /** The place that is noted; null before the first run. */
  readonly noted: string | null;
  /** Grows with everything that is decided to be told and with every attempt to tell it. */
  readonly told: number;
}

/** The column `place` of who only reads: it changes with a restore in place too, once that was noticed. */
export function placeColumn({ sql }: Places): string {
  return `${sql} || coalesce((select ' ' || value from facts where name = 'restored'), '') as place`;
}

/** The columns of a mark, for a `select`. */
export function markColumns({ sql }: Places): string {
  return `${sql} as place, (select value from facts where name = 'place') as noted,
    coalesce((select value::bigint from facts where name = 'told'), 0) as told`;
}

/** Remembers how far a ledger had come when this process last saw it. */
export class SeenSoFar {
  #told = 0;

  get told(): number {
    return this.#told;
  }

  /**
   * Why it is not the ledger any more that was seen, which makes it an older one; undefined: it is.
   * @param asked what was seen when the question was asked: its answer may be late, and others have seen more meanwhile
   */
  whyOther({ place, noted, told }: Mark, asked: number): string | undefined {
    if (noted !== null && noted !== place) {
      return 'another server has taken over, or the database was put back from a copy: the last that was written may be lost';
    }
    if (told < asked) return 'the database was put back to an older state';
    this.#told = Math.max(this.#told, told);
    return undefined;
  }

  /** What it is from now on. */
  begin({ told }: Pick<Mark, 'told'>): void {
    this.#told = told;
  }
}

/** What was found of a ledger when a run took its lease. */
export interface Acknowledged {
  readonly mark: Mark;
  /** What to tell a person; undefined where it is the same ledger. */
  readonly news: string | undefined;
}

/**
 * Compares the ledger with the one that was known, and notes it. Where it is another one it goes on as a copy that was put
 * back: what it does not know of may have been told, and says so. Once this is committed, what was seen begins anew.
 * @param now ISO instant
 */
export async function acknowledgePlace(
  queries: Queries,
  places: Places,
  seen: SeenSoFar,
  now: string,
): Promise<Acknowledged> {
  const asked = seen.told;
  const mark = await queries.row<Mark>(`select ${markColumns(places)}`);
  if (mark === undefined) throw new TypeError('a select without a table has no row');
  const why = seen.whyOther(mark, asked);
  if (why !== undefined) await markRestored(queries, now);
  if (mark.noted !== mark.place) await noteFact(queries, 'place', mark.place);
  const news = why && `${why}. What may have been told since says that it may be a repeat.`;
  return { mark, news };
}
