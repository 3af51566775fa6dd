import type { App } from '../app/app.ts';
import { bySourceClock } from '../app/clock.ts';
import { labelsOf } from '../app/labels.ts';
import { evaluate } from '../check/evaluate.ts';
import { type HeldReport, heldValues } from '../check/held-values.ts';
import type { SignalReport } from '../check/report.ts';
import { channelFacts } from '../health/channel-facts.ts';
import { type Health, healthOf } from '../health/health.ts';
import { type Watching, watchOf } from '../health/watching.ts';
import type { Close, Session } from '../market/close.ts';
import { addDays, addMonths } from '../market/session.ts';
import type { SignalLabels } from '../message/alert.ts';
import type { ChannelFacts } from '../message/digest-facts.ts';
import type { Message } from '../message/message.ts';
import { watchedSymbols } from '../settings/symbols.ts';
import { byNearness, type RecordState } from '../signal/first-record.ts';
import type { Signal } from '../signal/signal.ts';
import type { Delivery } from '../store/deliveries.ts';
import type { RunResult } from '../store/runs.ts';
import { historyOf } from '../study/signal-closes.ts';
import { type Study, study } from '../study/study.ts';
import { hiding } from './hide-addresses.ts';

/** How many of the newest messages and runs are shown. */
const MESSAGES = 30;
const RUNS = 20;

/** Everything that the page says, without the addresses of recipients. Returns are fractions, instants ISO. */
export interface PageFacts {
  readonly signals: readonly Signal[];
  readonly signal: Signal;
  readonly labels: SignalLabels;
  /** Said wherever the closes are not plain market data. */
  readonly sourceNote: string | undefined;
  /** The session that was asked for; undefined: the newest. */
  readonly asOf: Session | undefined;
  /** Where every signal stands, the nearest to an event first; empty where there is only one. */
  readonly overview: readonly SignalReport[];
  /** Undefined while there is no close, or none up to `asOf`. */
  readonly standing: Standing | undefined;
  readonly health: Health;
  readonly watching: Watching;
  readonly channels: readonly ChannelFacts[];
  readonly ledger: LedgerFacts;
  readonly held: readonly HeldReport[];
  readonly missing: readonly { readonly symbol: string; readonly session: Session }[];
}

/** Where the signal stands, and what is known of what follows. */
export interface Standing {
  readonly state: RecordState;
  /** From this day on a record close is an event. */
  readonly armedFrom: Session;
  /** Sessions since then; 0 before. */
  readonly armedSessions: number;
  /** The lowest close since the record. */
  readonly low: Close;
  readonly study: Study;
  /** Messages of an event, oldest first, by its session. */
  readonly messages: ReadonlyMap<Session, readonly Message[]>;
  /** The sessions beside the one that is shown; undefined at an end. */
  readonly before: Session | undefined;
  readonly after: Session | undefined;
}

/** The newest messages, each with its deliveries, and the newest runs. */
export interface LedgerFacts {
  readonly messages: readonly { readonly message: Message; readonly deliveries: readonly Delivery[] }[];
  readonly runs: readonly RunResult[];
}

/** The message with an id, or with the one that the page shows for it: an id of an earlier version may name an address. */
export async function messageShown(app: Pick<App, 'settings' | 'ledger'>, id: string): Promise<Message | undefined> {
  const { hideIn } = hiding(app);
  const found = await app.ledger.message(id);
  if (found !== undefined) return hideIn(found);
  return (await app.ledger.newestMessages(MESSAGES)).map(hideIn).find((message) => message.id === id);
}

/** What the page says of one signal as of a session. Reads only. */
export async function pageFacts(app: App, signal: Signal, asOf: Session | undefined): Promise<PageFacts> {
  const { settings, closes, now } = app;
  const { hide } = hiding(app);
  const symbols = watchedSymbols(settings);
  return {
    signals: settings.signals,
    signal,
    labels: labelsOf(app, signal),
    sourceNote: app.source.note,
    asOf,
    overview: overviewOf(app, asOf),
    standing: await standingOf(app, signal, asOf),
    health: hide(await healthOf(await bySourceClock(app))),
    watching: await watchOf(app),
    channels: hide(await channelFacts(app)),
    ledger: await ledgerFacts(app),
    held: symbols.flatMap((symbol) => heldValues(closes, symbol)),
    missing: symbols.flatMap((symbol) => closes.missing(symbol, now()).map((session) => ({ symbol, session }))),
  };
}

/** What was said and done lately, without the addresses of recipients. */
export async function ledgerFacts(app: Pick<App, 'settings' | 'ledger'>): Promise<LedgerFacts> {
  const { ledger } = app;
  const { hide, hideIn } = hiding(app);
  const messages = await ledger.newestMessages(MESSAGES);
  const deliveries = await ledger.deliveriesOf(messages.map(({ id }) => id));
  return {
    messages: messages.map((message) => ({
      message: hideIn(message),
      deliveries: hide(deliveries.filter((delivery) => delivery.message === message.id)),
    })),
    runs: hide(await ledger.newestRuns(RUNS)),
  };
}

function overviewOf(
  app: Pick<App, 'settings' | 'closes' | 'source' | 'channels' | 'now'>,
  asOf: Session | undefined,
): SignalReport[] {
  const { signals } = app.settings;
  if (signals.length === 1) return [];
  const states = signals.flatMap((signal) => {
    const { state } = evaluate(app, signal, undefined, asOf).detection;
    return state === undefined ? [] : [{ signal: signal.id, ...state }];
  });
  return states.sort(byNearness);
}

async function standingOf(app: App, signal: Signal, asOf: Session | undefined): Promise<Standing | undefined> {
  const { closes, detection } = evaluate(app, signal, undefined, asOf);
  const { state } = detection;
  const studied = study(signal, historyOf(signal, closes), closes.benchmark);
  if (state === undefined || studied === undefined) return undefined;
  const { record } = state;
  const armedFrom = addDays(addMonths(record.session, signal.quietYears * 12), 1);
  const since = closes.index.filter(({ session }) => session >= record.session);
  const events = (await app.ledger.signal(signal.id))?.events ?? [];
  const all = asOf === undefined ? closes.index : app.closes.accepted(signal.index);
  const position = closes.index.length - 1;
  return {
    state,
    armedFrom,
    armedSessions: since.filter(({ session }) => session >= armedFrom).length,
    low: since.reduce((low, close) => (close.close < low.close ? close : low), record),
    study: studied,
    messages: new Map(events.map(({ session, messages }) => [session, messages])),
    before: all[position - 1]?.session,
    after: all[position + 1]?.session,
  };
}
