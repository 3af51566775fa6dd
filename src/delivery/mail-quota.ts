import { isSenderRefusedForNow } from '../channel/email/reasons.ts';
import { kindOf } from '../message/channel-kind.ts';
import type { Delivery } from '../store/deliveries.ts';
import { canWait, isOfAnEvent } from './kinds.ts';
import { NO_TURN } from './policy.ts';

/** So many addresses that are put off say nothing of the server. */
const A_FEW = 2;
/** Nor does one in so many. */
const ONE_IN = 10;

/**
 * True while the mail server puts off a message of an event for many, as one with a quota does: what it still takes today is
 * not for a digest. Full mailboxes say nothing of the others.
 * @param channels the ids of the channels that are set up
 */
export function isMailRationed(channels: readonly string[], unsent: readonly Delivery[]): boolean {
  const addresses = channels.filter((id) => kindOf(id) === 'email').length;
  const putOff = unsent.filter(
    (delivery) =>
      isOfAnEvent(delivery) &&
      kindOf(delivery.channel) === 'email' &&
      delivery.state === 'pending' &&
      (isSenderRefusedForNow(delivery.reason) || delivery.reason === NO_TURN),
  );
  return putOff.length > Math.max(A_FEW, addresses / ONE_IN);
}

/** True for what waits while mail is rationed: it goes to everybody, and says the same tomorrow. */
export function waitsForItsRation(delivery: Pick<Delivery, 'kind' | 'channel'>): boolean {
  return kindOf(delivery.channel) === 'email' && canWait(delivery);
}
