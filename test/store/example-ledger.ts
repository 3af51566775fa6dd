import { expect } from 'vitest';
import type { Receipt } from '../../src/message/message.ts';
import type { Claim, Delivery, DeliveryState, DeliveryUpdate } from '../../src/store/deliveries.ts';
import type { LeaseOwner } from '../../src/store/lease-owner.ts';
import type { Ledger } from '../../src/store/ledger.ts';
import { decision, EVENT, exampleMessage } from '../support/examples.ts';
import type { Store } from './store.ts';

export const NOW = '2025-09-18T20:46:00.000Z';

export const ALERT = exampleMessage();

export const CORRECTION = exampleMessage({
  id: 'russell-2000/2025-09-18/correction',
  kind: 'correction',
  createdAt: '2025-09-19T20:45:00.000Z',
  refersTo: ALERT.id,
});

export const RETRACTION = exampleMessage({
  ...CORRECTION,
  id: 'russell-2000/2025-09-18/retraction',
  kind: 'retraction',
});

/** A ledger that has decided on an alert to `channels`. */
export async function withAlert(store: Store, ...channels: string[]) {
  const made = await store.openLedger();
  await made.ledger.decide(decision({ events: [EVENT], messages: [{ message: ALERT, event: EVENT.id, channels }] }));
  return made;
}

export async function deliveryOf(ledger: Ledger, channel: string, message = ALERT.id): Promise<Delivery> {
  const found = (await ledger.deliveriesOf([message])).find((delivery) => delivery.channel === channel);
  if (found === undefined) throw new Error(`there is no delivery of ${message} to ${channel}`);
  return found;
}

export const update = (change: Partial<DeliveryUpdate>): DeliveryUpdate => ({
  state: 'sent',
  reason: null,
  notBefore: null,
  receipt: null,
  ...change,
});

export const ownerOf = (id: string): LeaseOwner => ({ id, host: 'here', pid: 42, processStarted: '7' });

/** Lets a run have the lease, whoever of this ledger had it before. */
export async function lease(ledger: Ledger, id = 'me'): Promise<string> {
  const take = () => ledger.takeLease(ownerOf(id), Date.parse(NOW), () => true);
  const other = await take();
  if (other === undefined) return id;
  // Where nobody can see that a process is dead.
  await ledger.endRun(await ledger.beginRun('check', NOW), {}, NOW, other.id);
  expect(await take()).toBeUndefined();
  return id;
}

/** Takes over as a run does that finds others dead, and claims. */
export async function claim(ledger: Ledger, channel: string, owner = 'me', message = ALERT.id): Promise<Claim> {
  await lease(ledger, owner);
  const claimed = await ledger.claim(await deliveryOf(ledger, channel, message), owner, 'mark', NOW);
  if (claimed === undefined) throw new Error(`${channel} cannot be claimed`);
  return claimed;
}

/** Claims a delivery as one owner and brings it to its state. */
export async function bring(
  ledger: Ledger,
  channel: string,
  state: DeliveryState,
  receipt: Receipt | null = null,
): Promise<void> {
  if (state === 'pending') return;
  const claimed = await claim(ledger, channel);
  if (state !== 'sending') expect(await ledger.recordResult(claimed, update({ state, receipt }), NOW)).toBe(true);
}

export const states = async (ledger: Ledger, message = ALERT.id) =>
  Object.fromEntries((await ledger.deliveriesOf([message])).map(({ channel, state }) => [channel, state]));
