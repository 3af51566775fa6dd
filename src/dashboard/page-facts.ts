import type { App } from '../app/app.ts';
import { bySourceClock } from '../app/clock.ts';
import { labelsOf } from '../app/labels.ts';
import { sightingsOf } from '../app/sightings.ts';
import { shortNames } from '../channel/names.ts';
import { channelsOf } from '../channel/of-signal.ts';
import { evaluate } from '../check/evaluate.ts';
import { type HeldReport, heldValues } from '../check/held-values.ts';
import type { SignalReport } from '../check/report.ts';
import { asTold } from '../delivery/as-told.ts';
import { channelFacts } from '../health/channel-facts.ts';
import { type Health, healthOf } from '../health/health.ts';
import { type Watching, watchOf } from '../health/watching.ts';
import type { Session } from '../market/close.ts';
import type { SignalLabels } from '../message/alert.ts';
import type { ChannelFacts } from '../message/digest-facts.ts';
import type { Message } from '../message/message.ts';
import type { Sighting } from '../message/seen.ts';
import { watchedSymbols } from '../settings/symbols.ts';
import { byNearness } from '../signal/first-record.ts';
import type { Signal } from '../signal/signal.ts';
import type { Delivery } from '../store/deliveries.ts';
import type { RunResult } from '../store/runs.ts';
import { hiding } from './hide-addresses.ts';
import { type Standing, standingOf } from './standing.ts';

/** How many of the newest messages and runs are shown. */
const MESSAGES = 30;
const RUNS = 20;

/** How the bot is, without the addresses of recipients. Instants are ISO. */
export interface OperationsFacts {
  readonly health: Health;
  readonly watching: Watching;
  readonly channels: readonly ChannelFacts[];
  readonly ledger: LedgerFacts;
  readonly held: readonly HeldReport[];
  readonly missing: readonly { readonly symbol: string; readonly session: Session }[];
}

/** Everything that the page of a signal says. Returns are fractions. */
export interface PageFacts extends Pick<OperationsFacts, 'health' | 'watching' | 'channels' | 'ledger'> {
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
  /** The channels of a signal that names some, by kind; undefined: its messages go to all. */
  readonly alertsTo: readonly string[] | undefined;
  /** The address under which others reach the page; undefined: nobody has said. */
  readonly publicUrl: string | undefined;
}

/** The newest messages, each with its deliveries and who has seen it, and the newest runs. */
export interface LedgerFacts {
  readonly messages: readonly {
    readonly message: Message;
    readonly deliveries: readonly Delivery[];
    readonly seen: readonly Sighting[];
  }[];
  readonly runs: readonly RunResult[];
}

/** The message with an id, or with the one that the page shows for it: an id of an earlier version may name an address. */
export async function messageShown(app: Pick<App, 'settings' | 'ledger'>, id: string): Promise<Message | undefined> {
  const { hideIn } = hiding(app);
  const found = await app.ledger.message(id);
  if (found !== undefined) return hideIn((await asTold(app.ledger, found)).message);
  return (await app.ledger.newestMessages(MESSAGES)).map(hideIn).find((message) => message.id === id);
}

/** What the page says of one signal as of a session. Reads only. */
export async function pageFacts(app: App, signal: Signal, asOf: Session | undefined): Promise<PageFacts> {
  const { settings } = app;
  return {
    ...(await conditionFacts(app)),
    signals: settings.signals,
    signal,
    labels: labelsOf(app, signal),
    sourceNote: app.source.note,
    asOf,
    overview: overviewOf(app, asOf),
    standing: await standingOf(app, signal, asOf),
    alertsTo: signal.channels && shortNames(channelsOf(signal, app.channels)),
    publicUrl: settings.dashboard.publicUrl,
  };
}

/** What the page of the operations says. Reads only. */
export async function operationsFacts(app: App): Promise<OperationsFacts> {
  const { settings, closes, now } = app;
  const symbols = watchedSymbols(settings);
  return {
    ...(await conditionFacts(app)),
    held: symbols.flatMap((symbol) => heldValues(closes, symbol)),
    missing: symbols.flatMap((symbol) => closes.missing(symbol, now()).map((session) => ({ symbol, session }))),
  };
}

async function conditionFacts(app: App): Promise<Pick<OperationsFacts, 'health' | 'watching' | 'channels' | 'ledger'>> {
  const { hide } = hiding(app);
  return {
    health: hide(await healthOf(await bySourceClock(app))),
    watching: await watchOf(app),
    channels: hide(await channelFacts(app)),
    ledger: await ledgerFacts(app),
  };
}

/** What was said and done lately, without the addresses of recipients. */
export async function ledgerFacts(app: Pick<App, 'settings' | 'ledger' | 'channels'>): Promise<LedgerFacts> {
  const { ledger } = app;
  const { hide, hideIn } = hiding(app);
  const messages = await newestTold(ledger);
  const ids = messages.map(({ id }) => id);
  const deliveries = await ledger.deliveriesOf(ids);
  const seen = await sightingsOf(app, ids);
  return {
    messages: messages.map((message) => ({
      message: hideIn(message),
      deliveries: hide(deliveries.filter((delivery) => delivery.message === message.id)),
      seen: seen.get(message.id) ?? [],
    })),
    runs: hide(await ledger.newestRuns(RUNS)),
  };
}

/** The newest messages; what is told in one of them stands in its table. */
async function newestTold(ledger: App['ledger']): Promise<readonly Message[]> {
  const newest = await ledger.newestMessages(MESSAGES);
  const told = new Set(newest.flatMap(({ tells = [] }) => tells));
  if (told.size === 0) return newest;
  const more = await ledger.newestMessages(MESSAGES + told.size);
  return more.filter(({ id }) => !told.has(id)).slice(0, MESSAGES);
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
