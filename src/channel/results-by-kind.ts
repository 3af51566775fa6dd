import { serviceOf } from '../message/channel-kind.ts';
import { countsOf } from './names.ts';
import { publicReason } from './without-addresses.ts';

/** What became of the deliveries of one message, a line for each kind of channel. */
export function resultsByKind(
  deliveries: readonly { readonly channel: string; readonly state: string; readonly reason: string | null }[],
  all: readonly string[],
): string[] {
  return [...Map.groupBy(deliveries, ({ channel }) => serviceOf(channel))].map(([kind, same]) => {
    const failed = same.find(({ reason }) => reason !== null);
    const said = failed === undefined ? '' : publicReason(failed.reason, failed.channel, all);
    if (same.length === 1) return `${kind}: ${same[0]?.state}${said === '' ? '' : ` (${said})`}`;
    const states = countsOf(same.map(({ state }) => state));
    return `${kind} (${same.length}): ${states}${said === '' ? '' : ` (the first says: ${said})`}`;
  });
}
