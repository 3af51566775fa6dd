import type { App } from '../app/app.ts';
import type { Session } from '../market/close.ts';
import { eventId } from '../message/alert.ts';
import type { Acknowledgement } from '../store/acknowledgements.ts';
import type { Delivery } from '../store/deliveries.ts';
import type { EventRecord } from '../store/events.ts';

/** The newest event that people were told of. */
export interface LastAlert {
  readonly signal: string;
  readonly session: Session;
  /** True once the event was taken back. */
  readonly retracted: boolean;
  /** Where its alert went, and what became of it there. */
  readonly deliveries: readonly Delivery[];
  /** Who has marked it as seen, the first one first. */
  readonly seen: readonly Acknowledgement[];
}

/** The newest alert of all signals; undefined before the first. */
export async function lastAlertOf({
  settings,
  ledger,
}: Pick<App, 'settings' | 'ledger'>): Promise<LastAlert | undefined> {
  let newest: (EventRecord & { readonly signal: string }) | undefined;
  for (const { id: signal } of settings.signals) {
    const told = ((await ledger.signal(signal))?.events ?? []).filter(isTold);
    for (const event of told) if (newest === undefined || event.session > newest.session) newest = { ...event, signal };
  }
  if (newest === undefined) return undefined;
  const { signal, session, status } = newest;
  const alert = `${eventId(signal, session)}/alert`;
  const deliveries = await ledger.deliveriesOf([alert]);
  const seen = await ledger.acknowledgements([alert]);
  return { signal, session, retracted: status === 'retracted', deliveries, seen };
}

function isTold({ status }: EventRecord): boolean {
  return status === 'alerted' || status === 'retracted';
}
