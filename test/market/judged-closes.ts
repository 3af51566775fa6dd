import type { Session } from '../../src/market/close.ts';
import type { KnownClose, Revision } from '../../src/market/known-close.ts';
import { judge } from '../../src/market/sanity.ts';
import type { Bar, Reading } from '../../src/market/source.ts';

/** The closes of one symbol in memory: every reading is judged against them and changes them, as the store does. */
export function createCloses(maxMove = 0.15) {
  const rows = new Map<Session, KnownClose>();
  const revisions: Revision[] = [];
  const known = () => [...rows.values()].sort((a, b) => (a.session < b.session ? -1 : 1));
  return {
    revisions,
    /** Reads bars at a time of New York's summer, `2025-09-18 16:40`. Inputs are frozen: nothing may change them. */
    read(time: string, bars: readonly Bar[], marketPrice?: Reading['marketPrice']) {
      const first = bars[0]?.session ?? '';
      const from = known().findLast(({ session, close }) => session < first && close !== null)?.session ?? first;
      const before = Object.freeze(known().filter(({ session }) => session >= from));
      const reading = Object.freeze({ symbol: '^RUT', bars: Object.freeze(bars), ...(marketPrice && { marketPrice }) });
      const judgement = judge(reading, before, maxMove, Date.parse(at(time)));
      for (const row of judgement.changed) rows.set(row.session, Object.freeze(row));
      revisions.push(...judgement.revisions);
      return judgement;
    },
    row: (session: Session) => rows.get(session),
    /** What is believed of a session; `held` where nothing is, undefined where nothing is known. */
    close: (session: Session) => rows.get(session) && (rows.get(session)?.close ?? 'held'),
    held: () => known().flatMap(({ session, held }) => (held ? [session] : [])),
  };
}

export function at(time: string): string {
  return new Date(`${time.replace(' ', 'T')}:00-04:00`).toISOString();
}

/** `bars('2025-09-17 100', …)` */
export function bars(...rows: string[]): readonly Bar[] {
  return rows.map((row) => Object.freeze({ session: row.slice(0, 10), close: Number(row.slice(11)) }));
}

/** Wednesday's close of 100, settled. */
export function wednesday(maxMove?: number) {
  const closes = createCloses(maxMove);
  closes.read('2025-09-18 09:00', bars('2025-09-17 100'));
  return closes;
}

export const WEDNESDAY = '2025-09-17';

export const THURSDAY = '2025-09-18';

export const FRIDAY = '2025-09-19';

export const MONDAY = '2025-09-22';
