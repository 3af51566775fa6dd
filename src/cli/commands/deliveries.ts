import type { Delivery } from '../../store/deliveries.ts';

/** What became of one message on one channel. */
export function deliveryLine({
  message,
  channel,
  state,
  reason,
}: Pick<Delivery, 'message' | 'channel' | 'state' | 'reason'>): string {
  return `Delivery    ${message} to ${channel}: ${state}${reason === null ? '' : ` (${reason})`}`;
}

/** Whether there were any, and all surely arrived. */
export function haveArrived(deliveries: readonly Pick<Delivery, 'state'>[]): boolean {
  return deliveries.length > 0 && deliveries.every(({ state }) => state === 'sent');
}
