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
  /** Nothing is missing up to here: closes never go, so it is counted once. */
  completeUntil: Session;
}

export function emptyShelf(): Shelf {
  return { known: [], accepted: [], held: [], revisions: [], completeUntil: '' };
}

/** What is known from a session on, and the last accepted close before it. */
export function knownFrom({ known }: Shelf, from: Session): KnownClose[] {
  const before = known.findLast(({ session, close }) => session < from && close !== null);
  return [...(before === undefined ? [] : [before]), ...known.slice(firstOnOrAfter(known, from))];
}

/** The sessions from the first known one to another that should be there and that nothing is known of. */
export function missingOf(
  { known, completeUntil }: Shelf,
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
  const from = [begin.session, completeUntil, CALENDAR_FROM].sort().at(-1) ?? '';
  let position = firstOnOrAfter(known, from);
  return exchange.sessionsBetween(from, until).filter((session) => {
    while ((known[position]?.session ?? '9999') < session) position++;
    return known[position]?.session !== session;
  });
}

/** Puts a judgement on the shelf, and counts anew up to where nothing is missing. */
export function shelve(shelf: Shelf, { changed, revisions }: Judgement, exchange: Exchange): void {
  const [begin] = shelf.known;
  for (const row of changed) {
    const { session, close, held } = row;
    put(shelf.known, row);
    if (held === null) remove(shelf.held, session);
    else put(shelf.held, row);
    if (close === null) remove(shelf.accepted, session);
    else put(shelf.accepted, { session, close });
  }
  shelf.revisions.push(...revisions);
  const last = shelf.known.at(-1);
  if (last === undefined) return;
  if (shelf.known[0]?.session !== begin?.session) shelf.completeUntil = '';
  const [gap] = missingOf(shelf, exchange, last.session, undefined);
  shelf.completeUntil =
    gap === undefined ? last.session : (shelf.known[firstOnOrAfter(shelf.known, gap) - 1]?.session ?? '');
}

function put<T extends { readonly session: Session }>(rows: T[], row: T): void {
  const position = firstOnOrAfter(rows, row.session);
  rows.splice(position, rows[position]?.session === row.session ? 1 : 0, row);
}

function remove(rows: { readonly session: Session }[], session: Session): void {
  const position = firstOnOrAfter(rows, session);
  if (rows[position]?.session === session) rows.splice(position, 1);
}
