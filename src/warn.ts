import { deliver, hasEnded } from './channel/deliver.ts';
import { date, points } from './message/format.ts';
import { type Trouble, warningMessage } from './message/warning.ts';
import { heldValues, type SignalReport } from './report.ts';
import { symbolName } from './settings.ts';
import type { World } from './world.ts';

/** A held close of an index that would be a record: people should look for themselves. */
export async function warnOfHeldRecords(world: World, states: readonly SignalReport[]): Promise<void> {
  const { settings, ledger, channels } = world;
  for (const signal of settings.signals) {
    const record = states.find((state) => state.signal === signal.id)?.record;
    for (const { session, close, reason } of heldValues(world.closes, signal.index)) {
      if (record === undefined || close <= record.close) continue;
      const name = symbolName(settings, signal.index);
      const trouble: Trouble = {
        name: `held-${signal.id}`,
        since: session,
        title: `${signal.title}: a close that would be a record is not believed yet`,
        text:
          `${points(close)} was read for the ${name} on ${date(session)}, above the record of ${points(record.close)}, but it is held: ` +
          `${reason}. Later readings decide; an alert follows if they agree. Look at another source if you cannot wait.`,
      };
      const message = warningMessage(trouble, new Date(world.now()).toISOString());
      await ledger.post({ message, event: null, channels: channels.map(({ id }) => id) });
    }
  }
}

/** A delivery that ended failed or unknown is told through the other channels. */
export async function warnOfLostDeliveries(world: World, holder: string, offline: boolean): Promise<void> {
  const { ledger, channels } = world;
  const lost = (await ledger.unsent()).filter(
    (delivery) => hasEnded(delivery) && delivery.kind !== 'warning' && delivery.kind !== 'drill',
  );
  const warnings: string[] = [];
  for (const { message, channel, state, reason } of lost) {
    const trouble: Trouble = {
      name: `delivery-${channel.replaceAll('/', '-')}`,
      since: message,
      title: `Not delivered: ${message} on ${channel}`,
      text: `The message ${message} is ${state} on ${channel}: ${reason ?? 'no reason known'}. Look at that channel with npm run doctor; npm run status says what is still tried.`,
    };
    const warning = warningMessage(trouble, new Date(world.now()).toISOString());
    // An earlier run's warning had its attempt of this run already.
    if ((await ledger.message(warning.id)) !== undefined) continue;
    const others = channels.map(({ id }) => id).filter((id) => id !== channel);
    await ledger.post({ message: warning, event: null, channels: others });
    warnings.push(warning.id);
  }
  await deliver({ ...world, holder, offline, only: warnings });
}
