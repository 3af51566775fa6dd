import type { LastAlert } from '../check/last-alert.ts';
import type { SignalLabels } from '../message/alert.ts';
import { date } from '../message/format.ts';
import { seenText } from '../message/seen.ts';
import { sentTo } from './found.ts';

/**
 * "Last alert  18 Sep 2025, sent to 3 of 3. Seen by Anna, 19 Sep 2025, 08:12 New York". Whoever runs the bot may read addresses.
 * @param labelsOf undefined where there is one signal, which need not be named
 */
export function lastAlertLine(
  alert: LastAlert | undefined,
  labelsOf: ((signal: string) => SignalLabels) | undefined,
): string {
  if (alert === undefined) return 'Last alert  none yet';
  const { signal, session, retracted, deliveries } = alert;
  const seen = seenText(alert.seen.map(({ name, at }) => ({ by: name, at })));
  const whose = labelsOf === undefined ? '' : ` (${labelsOf(signal).signal.title})`;
  return `Last alert  ${date(session)}${whose}, ${sentTo(deliveries)}${retracted ? '; retracted since' : ''}${
    seen === undefined ? '' : `. ${seen}`
  }`;
}
