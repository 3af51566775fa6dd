import type { Session } from '../../market/close.ts';
import type { Revision } from '../../market/known-close.ts';
import type { Database } from './database.ts';
import { prepared } from './prepared.ts';

interface RevisionRow {
  readonly session: Session;
  readonly from_close: number;
  readonly from_read_at: string;
  readonly from_believed: 0 | 1;
  readonly to_close: number;
  readonly to_read_at: string;
  readonly to_believed: 0 | 1;
}

/** The revisions of one session, oldest first. */
export function revisionsOf(database: Database, symbol: string, session: Session): Revision[] {
  const rows = prepared(database, 'select * from revisions where symbol = ? and session = ? order by to_read_at').all(
    symbol,
    session,
  ) as RevisionRow[];
  return rows.map(toRevision);
}

/** The revisions that were read since an instant, oldest first. */
export function revisedSince(database: Database, symbol: string, instant: string): Revision[] {
  const rows = prepared(
    database,
    'select * from revisions where symbol = ? and to_read_at >= ? order by to_read_at, session',
  ).all(symbol, instant) as RevisionRow[];
  return rows.map(toRevision);
}

export function putRevision(database: Database, symbol: string, { session, from, to }: Revision): void {
  prepared(database, 'insert or replace into revisions values (?, ?, ?, ?, ?, ?, ?, ?)').run(
    symbol,
    session,
    from.close,
    from.readAt,
    Number(from.believed),
    to.close,
    to.readAt,
    Number(to.believed),
  );
}

function toRevision(row: RevisionRow): Revision {
  return {
    session: row.session,
    from: { close: row.from_close, readAt: row.from_read_at, believed: row.from_believed === 1 },
    to: { close: row.to_close, readAt: row.to_read_at, believed: row.to_believed === 1 },
  };
}
