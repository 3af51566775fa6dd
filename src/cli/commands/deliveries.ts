import { together } from '../../channel/names.ts';
import type { Delivery } from '../../store/deliveries.ts';

/** What became of messages, a line for each channel, and one for many recipients that fared alike. */
export function deliveryLines(
  deliveries: readonly Pick<Delivery, 'message' | 'channel' | 'state' | 'reason'>[],
): string[] {
  const fate = ({ state, reason }: Pick<Delivery, 'state' | 'reason'>) =>
    `${state}${reason === null ? '' : ` (${reason})`}`;
  return together(deliveries, fate).map(
    ({ where, first }) => `Delivery    ${first.message} to ${where}: ${fate(first)}`,
  );
}

/** Whether there were any, and all surely arrived. */
export function haveArrived(deliveries: readonly Pick<Delivery, 'state'>[]): boolean {
  return deliveries.length > 0 && deliveries.every(({ state }) => state === 'sent');
}
