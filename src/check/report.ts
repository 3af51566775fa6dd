import type { App } from '../app/app.ts';
import { together } from '../channel/names.ts';
import { currentPauses } from '../delivery/pause.ts';
import { whatIsNext } from '../delivery/policy.ts';
import { deliveryKey } from '../delivery/queue.ts';
import { isOpen } from '../delivery/standing.ts';
import type { Session } from '../market/close.ts';
import { watchedSymbols } from '../settings/symbols.ts';
import type { RecordState } from '../signal/first-record.ts';
import type { Delivery, DeliveryState, Pause } from '../store/deliveries.ts';
import { type HeldReport, heldValues } from './held-values.ts';

/** What `check --json` and `status --json` print, and what their text is written from. */
export interface Report {
  /** Newest session of any signal's index; null while there is no close. */
  readonly asOf: Session | null;
  readonly signals: readonly SignalReport[];
  /** Ids of the events that this run fired. */
  readonly fired: readonly string[];
  /** Those of them that some channels are told in one message, by its id; absent: none. */
  readonly together?: readonly { readonly message: string; readonly events: readonly string[] }[];
  /** Ids of the events that a dry run would have fired. */
  readonly wouldFire?: readonly string[];
  /** This run's deliveries and all open ones. */
  readonly deliveries: readonly DeliveryReport[];
  readonly held: readonly HeldReport[];
  readonly missing: readonly { readonly symbol: string; readonly session: Session }[];
  /** The channels that keep alerts for later. */
  readonly paused: readonly Pause[];
  /** What did not work, a line each; empty: all did. */
  readonly problems: readonly string[];
  /** The source could not be read, or not whole. */
  readonly unread?: true;
}

export interface SignalReport extends RecordState {
  readonly signal: string;
  /** The ids of the channels that its messages go to; absent: all. */
  readonly channels?: readonly string[];
}

export interface DeliveryReport {
  readonly message: string;
  readonly channel: string;
  readonly state: DeliveryState;
  readonly attempts: number;
  /** Why it is not sent; null when it is, or was not tried. */
  readonly reason: string | null;
}

/**
 * Puts the report together from the ledger and the closes.
 * @param tried the deliveries that this run tried, by `deliveryKey`
 */
export async function reportOf(
  app: Pick<App, 'settings' | 'closes' | 'ledger' | 'channels' | 'now'>,
  states: readonly SignalReport[],
  problems: readonly string[],
  tried: ReadonlySet<string> = new Set(),
): Promise<Report> {
  const { ledger, closes, settings, now } = app;
  const triedMessages = [...tried].map((key) => key.slice(0, key.indexOf(' ')));
  const open = (await ledger.unsent()).filter((delivery) => isOpen(delivery, now()));
  const done = (await ledger.deliveriesOf(triedMessages)).filter((delivery) => tried.has(deliveryKey(delivery)));
  const deliveries = new Map([...done, ...open].map((delivery) => [deliveryKey(delivery), delivery]));
  const symbols = watchedSymbols(settings);
  return {
    asOf:
      states
        .map(({ session }) => session)
        .sort()
        .at(-1) ?? null,
    signals: states,
    fired: [],
    deliveries: [...deliveries.values()].map(({ message, channel, state, attempts, reason }) => ({
      message,
      channel,
      state,
      attempts,
      reason,
    })),
    held: symbols.flatMap((symbol) => heldValues(closes, symbol)),
    missing: symbols.flatMap((symbol) => closes.missing(symbol, now()).map((session) => ({ symbol, session }))),
    paused: await currentPauses(app),
    problems: [
      ...problems,
      ...unsentLines(
        app,
        done.filter(({ state }) => state !== 'sent'),
      ),
    ],
  };
}

function unsentLines({ channels, now }: Pick<App, 'channels' | 'now'>, deliveries: readonly Delivery[]): string[] {
  const fate = (delivery: Delivery) => {
    const { channel, reason } = delivery;
    const looks = channels.find(({ id }) => id === channel)?.find !== undefined;
    return `${reason ?? 'no reason given'}; ${whatIsNext(delivery, { looks, now: now() })}`;
  };
  return together(deliveries, (each) => `${each.state} ${fate(each)}`).map(
    ({ where, first }) => `${first.message} to ${where}: ${first.state}, ${fate(first)}`,
  );
}
