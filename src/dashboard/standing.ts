import type { App } from '../app/app.ts';
import { sightingsOf } from '../app/sightings.ts';
import { evaluate } from '../check/evaluate.ts';
import type { Close, Session } from '../market/close.ts';
import { addDays, addMonths } from '../market/session.ts';
import type { Message } from '../message/message.ts';
import type { Sighting } from '../message/seen.ts';
import type { RecordState } from '../signal/first-record.ts';
import type { Signal } from '../signal/signal.ts';
import type { EventRecord, SignalRecord } from '../store/events.ts';
import { yearWithDividends } from '../study/series-study.ts';
import { historyOf } from '../study/signal-closes.ts';
import { type HorizonStatistics, type StudiedEvent, type Study, study } from '../study/study.ts';

/** Where the signal stands, and what followed its events. */
export interface Standing {
  readonly state: RecordState;
  /** From this day on a record close is an event. */
  readonly armedFrom: Session;
  /** The lowest close since the record. */
  readonly low: Close;
  readonly study: Study;
  /** The year after the same events with dividends; null where they are not known. */
  readonly dividends: HorizonStatistics | null;
  /** Undefined while there was none. */
  readonly newest: NewestEvent | undefined;
  /** Sessions after the newest event whose alert was retracted, ascending. */
  readonly retracted: readonly Session[];
  /** Messages of an event, oldest first, by its session. */
  readonly messages: ReadonlyMap<Session, readonly Message[]>;
  /** The sessions beside the one that is shown; undefined at an end. */
  readonly before: Session | undefined;
  readonly after: Session | undefined;
}

/** The newest event, whether the bell rang, and what has come of it so far. */
export interface NewestEvent {
  readonly event: StudiedEvent;
  /** reached: somebody has the alert. not reached: it is written, and nobody has it. before: the event is older than this watch. */
  readonly alert: 'reached' | 'not reached' | 'before' | 'none';
  /** Who has marked its alert as seen, the first one first. */
  readonly seen: readonly Sighting[];
  /** The benchmark's newest close after the event, and its return since, as a fraction; undefined before there is one. */
  readonly since: (Close & { readonly return: number }) | undefined;
}

/** Where a signal stands as of a session; undefined while there is no close. Reads only. */
export async function standingOf(app: App, signal: Signal, asOf: Session | undefined): Promise<Standing | undefined> {
  const { closes, detection } = evaluate(app, signal, undefined, asOf);
  const { state } = detection;
  const studied = study(signal, historyOf(signal, closes), closes.benchmark);
  if (state === undefined || studied === undefined) return undefined;
  const { record } = state;
  const since = closes.index.filter(({ session }) => session >= record.session);
  const known = await app.ledger.signal(signal.id);
  const events = known?.events ?? [];
  const event = studied.events.at(-1);
  const all = asOf === undefined ? closes.index : app.closes.accepted(signal.index);
  const position = closes.index.length - 1;
  return {
    state,
    armedFrom: addDays(addMonths(record.session, signal.quietYears * 12), 1),
    low: since.reduce((low, close) => (close.close < low.close ? close : low), record),
    study: studied,
    dividends: yearWithDividends(studied, closes.dividends),
    newest: event && {
      event,
      alert: alertOf(event.session, known),
      seen: await seenOf(app, event.session, events),
      since: sinceThen(event, closes.benchmark),
    },
    retracted: retractedAfter(event?.session ?? '', state.session, events),
    messages: new Map(events.map(({ session, messages }) => [session, messages])),
    before: all[position - 1]?.session,
    after: all[position + 1]?.session,
  };
}

function alertOf(session: Session, known: SignalRecord | undefined): NewestEvent['alert'] {
  const event = known?.events.find((candidate) => candidate.session === session);
  if (event !== undefined && event.messages.length > 0) return event.reached ? 'reached' : 'not reached';
  return known !== undefined && session <= known.baselineSession ? 'before' : 'none';
}

/** Who has seen the alert of a session. */
async function seenOf(app: App, session: Session, events: readonly EventRecord[]): Promise<readonly Sighting[]> {
  const [alert] = events.find((event) => event.session === session)?.messages ?? [];
  return alert === undefined ? [] : ((await sightingsOf(app, [alert.id])).get(alert.id) ?? []);
}

function sinceThen({ session, benchmarkClose }: StudiedEvent, benchmark: readonly Close[]): NewestEvent['since'] {
  const last = benchmark.at(-1);
  if (benchmarkClose === null || last === undefined || last.session <= session) return undefined;
  return { ...last, return: last.close / benchmarkClose - 1 };
}

function retractedAfter(newest: Session, shown: Session, events: readonly EventRecord[]): Session[] {
  return events
    .filter(({ session, status }) => status === 'retracted' && session > newest && session <= shown)
    .map(({ session }) => session)
    .sort();
}
