import type { App } from '../app/app.ts';
import type { Session } from '../market/close.ts';
import { addDays } from '../market/session.ts';
import { isToCome } from '../market/stamp.ts';
import { date } from '../message/format.ts';
import type { Trouble } from '../message/warning.ts';
import { symbolName } from '../settings/symbols.ts';
import type { Decision } from '../store/events.ts';
import { prepared } from '../store/sqlite/prepared.ts';

/** What was found of a signal and is not told yet, as the readings do not stand in one answer. */
export interface Untold {
  /** The session of the event. */
  readonly session: Session;
  /** When it was first put off, ISO instant. */
  readonly since: string;
  /** Why, as a sentence without its stop. */
  readonly why: string;
}

/** How the trouble of a signal begins that has an event which is put off. */
const UNTOLD = 'untold-';
/** The time of the next day, at the exchange, from which on people hear of it. */
const NEXT_MORNING = '08:00';

export function isUntold(name: string): boolean {
  return name.startsWith(UNTOLD);
}

/** The session of the event that is put off where the history cannot be read; undefined where nothing would be told. */
export function sessionToTell({ messages }: Decision): Session | undefined {
  return messages[0]?.event?.split('/').at(-1);
}

/** Notes that an event is put off, keeping since when; null: nothing is any more. */
export function noteUntold(
  app: Pick<App, 'database' | 'now'>,
  signal: string,
  put: { readonly session: Session; readonly why: string } | null,
): void {
  const { database, now } = app;
  const name = UNTOLD + signal;
  const known = untoldOf(app, signal);
  if (put === null) {
    if (known !== undefined) prepared(database, 'delete from facts where name = ?').run(name);
    return;
  }
  const lasts = known?.session === put.session && !isToCome(known.since, now());
  const note: Untold = { ...put, since: lasts ? known.since : new Date(now()).toISOString() };
  prepared(database, 'insert or replace into facts (name, value) values (?, ?)').run(name, JSON.stringify(note));
}

/** The event of a signal that is put off. */
export function untoldOf({ database }: Pick<App, 'database'>, signal: string): Untold | undefined {
  const noted = prepared(database, 'select value from facts where name = ?')
    .pluck()
    .get(UNTOLD + signal);
  return typeof noted === 'string' ? (JSON.parse(noted) as Untold) : undefined;
}

/**
 * The signals with an event that the readings have put off until the next morning: people should look for themselves.
 * @param behind the signals of which it is told already that they are not evaluated
 */
export function untoldEvents(
  app: Pick<App, 'settings' | 'database' | 'closes' | 'now'>,
  behind: readonly string[],
): Trouble[] {
  const { settings, closes, now } = app;
  return settings.signals.flatMap(({ id, title, index }): Trouble[] => {
    const untold = untoldOf(app, id);
    if (untold === undefined || behind.includes(id)) return [];
    const exchange = closes.exchange(index);
    const morning = exchange.instant(addDays(exchange.date(Date.parse(untold.since)), 1), NEXT_MORNING);
    if (now() < morning && !isToCome(untold.since, now())) return [];
    return [
      {
        name: UNTOLD + id,
        since: untold.session,
        title: `${title}: the close of ${date(untold.session)} may be an event, and is not told yet`,
        text:
          `By what is believed of the ${symbolName(settings, index)}, there is something to tell of ${date(untold.session)}. ` +
          `${untold.why}. Every check asks again. Look at another source if you cannot wait.`,
        again: false,
        blocking: true,
        about: null,
      },
    ];
  });
}

/** How it ended, as a sentence; undefined where the message itself says so. */
export async function howUntoldEnded(
  { ledger }: Pick<App, 'ledger'>,
  name: string,
  session: Session,
): Promise<string | undefined> {
  const events = (await ledger.signal(name.slice(UNTOLD.length)))?.events ?? [];
  const known = events.some((event) => event.session === session && event.status !== 'cancelled');
  return known ? undefined : `The readings agree: the close of ${date(session)} is no event.`;
}
