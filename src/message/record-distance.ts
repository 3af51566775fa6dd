import type { RecordState } from '../signal/first-record.ts';
import { calendarTime, plural, share } from './format.ts';

/** How far a close is from its record, in time and in value: "10 months and 9 days old (218 sessions), 3.10% away". */
export function recordDistance({
  session,
  record,
  quietSessions,
  toRecord,
}: Pick<RecordState, 'session' | 'record' | 'quietSessions' | 'toRecord'>): string {
  const sessions = quietSessions === null ? '' : ` (${plural(quietSessions, 'session')})`;
  return `${calendarTime(record.session, session)} old${sessions}, ${share(toRecord, 2)} away`;
}
