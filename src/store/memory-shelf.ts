import type { Close, Session } from '../market/close.ts';
import type { Exchange } from '../market/exchange.ts';
import { type LastLook, wasNone } from '../market/expected-session.ts';
import type { Judgement, KnownClose, Revision } from '../market/known-close.ts';
import { CALENDAR_FROM } from '../market/new-york.ts';
import { addDays } from '../market/session.ts';
import { firstOnOrAfter } from '../study/outcomes.ts';

/** What is kept of one symbol, ascending by session. */
export interface Shelf {
  readonly known: KnownClose[];
  readonly accepted: Close[];
  readonly held: KnownClose[];
  readonly revisions: Revision[];
  /** The sessions that are missing up to `countedUntil`: closes never go, so they are counted once. */
  readonly gaps: Session[];
  countedUntil: Session;
}

export function emptyShelf(): Shelf {
  return { known: [], accepted: [], held: [], revisions: [], gaps: [], countedUntil: '' };
}

/** What is known from a session on, and the last accepted close before it. */
export function knownFrom({ known }: Shelf, from: Session): KnownClose[] {
  const before = known.findLast(({ session, close }) => session < from && close !== null);
  return [...(before === undefined ? [] : [before]), ...known.slice(firstOnOrAfter(known, from))];
}

/** The sessions from the first known one to another that should be there and that nothing is known of. */
export function missingOf(
  { known, gaps, countedUntil }: Shelf,
  exchange: Exchange,
  until: Session,
  look: LastLook | undefined,
): Session[] {
  const [begin, end] = [known[0], known.at(-1)];
  if (begin === undefined || end === undefined) return [];
  if (!exchange.knowsHolidays) {
    const after = exchange.sessionsBetween(addDays(end.session, 1), until);
    return after.filter((session) => !wasNone(exchange, look, session));
  }
  const from = [begin.session, countedUntil, CALENDAR_FROM].sort().at(-1) ?? '';
  let position = firstOnOrAfter(known, from);
  const later = exchange.sessionsBetween(from, until).filter((session) => {
    while ((known[position]?.session ?? '9999') < session) position++;
    return known[position]?.session !== session;
  });
  return [...gaps.filter((session) => session <= until && session < from), ...later];
}

/** Puts a judgement on the shelf, and counts on what is missing. */
export function shelve(shelf: Shelf, { changed, revisions }: Judgement, exchange: Exchange): void {
  const [begin] = shelf.known;
  for (const row of changed) {
    const { session, close, exact, held } = row;
    put(shelf.known, row);
    fill(shelf.gaps, session);
    if (held === null) remove(shelf.held, session);
    else put(shelf.held, row);
    if (close === null) remove(shelf.accepted, session);
    else put(shelf.accepted, { session, close, ...(exact === undefined ? {} : { exact }) });
  }
  shelf.revisions.push(...revisions);
  const last = shelf.known.at(-1);
  if (last === undefined) return;
  if (shelf.known[0]?.session !== begin?.session) {
    shelf.gaps.length = 0;
    shelf.countedUntil = '';
  }
  if (!exchange.knowsHolidays) return;
  const gaps = missingOf(shelf, exchange, last.session, undefined);
  shelf.gaps.splice(0, shelf.gaps.length, ...gaps);
  shelf.countedUntil = last.session;
}

function fill(gaps: Session[], session: Session): void {
  const position = gaps.indexOf(session);
  if (position >= 0) gaps.splice(position, 1);
}

function put<T extends { readonly session: Session }>(rows: T[], row: T): void {
  const position = firstOnOrAfter(rows, row.session);
  rows.splice(position, rows[position]?.session === row.session ? 1 : 0, row);
}

function remove(rows: { readonly session: Session }[], session: Session): void {
  const position = firstOnOrAfter(rows, session);
  if (rows[position]?.session === session) rows.splice(position, 1);
}
