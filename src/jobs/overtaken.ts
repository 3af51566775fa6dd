import type { App } from '../app/app.ts';
import type { Delivery } from '../store/deliveries.ts';
import { overtakenNotes } from './approaching.ts';
import { overtakenReminders } from './reminder.ts';

/** Why messages that have not arrived must not be sent any more, by id. */
export type Overtaken = ReadonlyMap<string, string>;

/** What the world has overtaken among some deliveries: the wait for a record is over, an alert was seen, or it is no news. */
export async function overtakenOf(
  app: Pick<App, 'settings' | 'closes' | 'ledger' | 'source' | 'channels' | 'now'>,
  unsent: readonly Delivery[],
): Promise<Overtaken> {
  return new Map([...overtakenNotes(app, unsent), ...(await overtakenReminders(app, unsent))]);
}

/** True where some of it is not given up yet. */
export function isLeft(overtaken: Overtaken, unsent: readonly Delivery[]): boolean {
  return unsent.some((delivery) => isOpen(delivery) && overtaken.has(delivery.message));
}

/** Gives up what must not arrive any more. */
export async function giveUp(
  { ledger, now }: Pick<App, 'ledger' | 'now'>,
  overtaken: Overtaken,
  unsent: readonly Delivery[],
  owner: string,
): Promise<void> {
  const stamp = new Date(now()).toISOString();
  for (const delivery of unsent.filter(isOpen)) {
    const reason = overtaken.get(delivery.message);
    if (reason === undefined) continue;
    await ledger.note(delivery, owner, { state: 'failed', reason, notBefore: null, receipt: null }, stamp);
  }
}

function isOpen({ state }: Delivery): boolean {
  return state === 'pending' || state === 'unknown';
}
