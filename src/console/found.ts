import type { Report } from '../check/report.ts';
import { firstOf, plural } from '../message/format.ts';
import type { Delivery } from '../store/deliveries.ts';

/** What a check found, as people read it: an event with what became of its alert, or that there is none. */
export function foundLines(report: Report): string[] {
  const { fired, wouldFire } = report;
  if (wouldFire !== undefined) return dryRunLines(wouldFire);
  if (fired.length > 0) return firedLines(report);
  return [`Result      ${whyNone(report)}`];
}

/** Many events that are told together in a line, the others one by one. */
function firedLines(report: Report): string[] {
  const { fired, together = [], deliveries } = report;
  const shared = new Set(together.flatMap(({ events }) => events));
  const isAlone = (event: string) =>
    !shared.has(event) || deliveries.some(({ message }) => message === `${event}/alert`);
  return [
    ...together.map(
      ({ message, events }) =>
        `Events      ${plural(events.length, 'event')} in one message, ${sentTo(deliveries.filter((one) => one.message === message))}: ${firstOf(events)}`,
    ),
    ...fired.filter(isAlone).map((event) => `Event       ${event}: ${alertFate(report, event)}`),
  ];
}

function dryRunLines(wouldFire: readonly string[]): string[] {
  const dry = 'dry run: nothing was decided or sent';
  if (wouldFire.length === 0) return [`Result      no new event (${dry})`];
  return [`Would fire  ${firstOf(wouldFire)} (${dry})`];
}

function alertFate({ deliveries }: Report, event: string): string {
  const alerts = deliveries.filter(({ message }) => message === `${event}/alert`);
  return alerts.length === 0 ? 'no channel takes its alert' : `alert ${sentTo(alerts)}`;
}

/** "sent to 2 of 3, 1 pending". */
export function sentTo(deliveries: readonly Pick<Delivery, 'state'>[]): string {
  const byState = Map.groupBy(deliveries, ({ state }) => state);
  const sent = byState.get('sent')?.length ?? 0;
  const others = [...byState].filter(([state]) => state !== 'sent').map(([state, same]) => `${same.length} ${state}`);
  return [`sent to ${sent} of ${deliveries.length}`, ...others].join(', ');
}

function whyNone({ signals, deliveries, unread }: Report): string {
  if (signals.length === 0) return 'nothing could be evaluated';
  if (unread) return 'no new event in what is stored; not everything could be read';
  return `no new event${deliveries.length === 0 ? ', nothing to send' : ''}`;
}
