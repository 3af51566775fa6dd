import type { App } from '../app/app.ts';
import type { Session } from '../market/close.ts';
import { isToCome } from '../market/stamp.ts';
import type { Decision } from '../store/events.ts';

/** What was found of a signal and is not told yet, as the readings do not stand in one answer. */
export interface Untold {
  /** The session of the event. */
  readonly session: Session;
  /** When it was first put off, ISO instant. */
  readonly since: string;
  /** Why, as a sentence without its stop. */
  readonly why: string;
}

/** How the fact of a signal begins that has an event which is put off. */
const UNTOLD = 'untold-';

/** The session of the event that is put off where the history cannot be read; undefined where nothing would be told. */
export function sessionToTell({ messages }: Decision): Session | undefined {
  return messages[0]?.event?.split('/').at(-1);
}

/** Notes that an event is put off, keeping since when; null: nothing is any more. */
export async function noteUntold(
  app: Pick<App, 'ledger' | 'now'>,
  signal: string,
  put: { readonly session: Session; readonly why: string } | null,
): Promise<void> {
  const { ledger, now } = app;
  const name = UNTOLD + signal;
  const known = await untoldOf(app, signal);
  if (put === null) {
    if (known !== undefined) await ledger.noteFact(name, null);
    return;
  }
  const lasts = known?.session === put.session && !isToCome(known.since, now());
  const note: Untold = { ...put, since: lasts ? known.since : new Date(now()).toISOString() };
  await ledger.noteFact(name, JSON.stringify(note));
}

/** The event of a signal that is put off. */
export async function untoldOf({ ledger }: Pick<App, 'ledger'>, signal: string): Promise<Untold | undefined> {
  const noted = await ledger.fact(UNTOLD + signal);
  return noted === undefined ? undefined : (JSON.parse(noted) as Untold);
}
