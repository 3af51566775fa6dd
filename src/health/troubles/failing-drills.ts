import type { App } from '../../app/app.ts';
import { placesOf } from '../../channel/names.ts';
import { publicReason } from '../../channel/without-addresses.ts';
import { unpausedChannels } from '../../delivery/pause.ts';
import { serviceOf } from '../../message/channel-kind.ts';
import { commandLine } from '../../message/command-line.ts';
import { capital } from '../../message/format.ts';
import type { Trouble } from '../../message/warning.ts';
import { DRILL, drillPart } from '../../store/parts.ts';
import type { OpenTrouble } from '../../store/troubles.ts';
import type { TroubleKind } from './kind.ts';

/**
 * Drills that did not arrive: one trouble for each kind of channel, which lasts until every one of it has had its drill.
 * Its beginning stays that of the first, so that neither one more nor one less is another trouble.
 */
export const failingDrills: TroubleKind = {
  owns: (name) => name.startsWith(DRILL),
  find: findFailingDrills,
  ending: whetherArrived,
};

async function whetherArrived(
  { ledger, channels }: Pick<App, 'ledger' | 'channels'>,
  { name }: OpenTrouble,
): Promise<string | undefined> {
  const theirs = channels.map(({ id }) => id).filter((id) => name === DRILL + serviceOf(id));
  const drills = (await ledger.probes()).filter(({ part }) => theirs.some((id) => part === drillPart(id)));
  if (drills.length === 0 || drills.some(({ failure }) => failure !== null)) return undefined;
  return theirs.length === 1 ? 'A drill has arrived.' : 'A drill has arrived at every address.';
}

async function findFailingDrills(app: Pick<App, 'ledger' | 'channels' | 'now'>): Promise<Trouble[]> {
  const { ledger } = app;
  const inUse = (await unpausedChannels(app)).map(({ id }) => id);
  const probes = await ledger.probes();
  const failing = inUse.flatMap((channel) => {
    const probe = probes.find(({ part }) => part === drillPart(channel));
    return probe === undefined || probe.failingSince === null ? [] : [{ channel, since: probe.failingSince, ...probe }];
  });
  const open = await ledger.openTroubles();
  return [...Map.groupBy(failing, ({ channel }) => serviceOf(channel))].map(([kind, same]) => {
    const name = DRILL + kind;
    const [first] = same.toSorted((a, b) => (a.since < b.since ? -1 : 1));
    const where = placesOf(
      same.map(({ channel }) => channel),
      inUse,
    );
    const said = publicReason(first?.failure ?? null, first?.channel ?? '', inUse).replace(/[.]$/, '');
    return {
      name,
      since: open.find((trouble) => trouble.name === name)?.since ?? first?.since ?? '',
      title: `A drill did not arrive: ${where}`,
      text: `${same.length === 1 ? capital(said) : `The first says: ${said}`}. An alert might not arrive either. To see why: ${commandLine('doctor')}. Then try ${commandLine('drill')} again.`,
      again: false,
      blocking: true,
      about: kind,
      count: same.length,
    };
  });
}
