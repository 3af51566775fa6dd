import type { RecordState } from './first-record.ts';
import type { Signal } from './signal.ts';

/** The smallest of the distances that an armed index is within; undefined where it is within none, or is not armed. */
export function distanceReached(
  { state, toRecord }: Pick<RecordState, 'state' | 'toRecord'>,
  { approaching = [] }: Pick<Signal, 'approaching'>,
): number | undefined {
  if (state !== 'armed') return undefined;
  const within = approaching.filter((distance) => toRecord <= distance);
  return within.length === 0 ? undefined : Math.min(...within);
}
