import type { App } from '../app/app.ts';
import { clockDoubt } from '../app/clock.ts';
import { rivalsOf, wantsReading } from '../check/pending-change.ts';
import { untoldOf } from '../check/untold.ts';
import { isOfAnEvent } from '../delivery/kinds.ts';
import { isAwaited } from '../delivery/standing.ts';
import { isSecondReadingDue } from '../market/second-reading.ts';
import type { Signal } from '../signal/signal.ts';
import { CLOCK } from '../store/parts.ts';

type Asked = Pick<App, 'settings' | 'closes' | 'ledger' | 'channels' | 'now'>;

/**
 * True when an expected session was not evaluated, a second reading decides, an event is put off, or a message of an event
 * is still to be delivered.
 */
export async function isBehind(app: Asked): Promise<boolean> {
  const { settings, ledger, channels, now } = app;
  // The answer of the source tells the time.
  if ((await clockDoubt(app)) !== undefined) return true;
  if ((await ledger.probes()).some(({ part, failure }) => part === CLOCK && failure !== null)) return true;
  for (const signal of settings.signals) if (await isSignalBehind(app, signal)) return true;
  const inUse = channels.map(({ id }) => id);
  return (await ledger.unsent()).some(
    (delivery) => isOfAnEvent(delivery) && inUse.includes(delivery.channel) && isAwaited(delivery, now()),
  );
}

async function isSignalBehind(app: Asked, { id, index, benchmark, quietYears }: Signal): Promise<boolean> {
  const { ledger, closes, now } = app;
  const record = await ledger.signal(id);
  if (record === undefined || record.evaluatedSession < closes.expected(index, now())) return true;
  if ((await untoldOf(app, id)) !== undefined) return true;
  const { events } = record;
  if (events.some((event) => wantsReading(event, rivalsOf(event, events, quietYears), now()))) return true;
  return [index, benchmark].some((symbol) => closes.held(symbol).some((row) => isSecondReadingDue(row, now())));
}
