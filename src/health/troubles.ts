import type { App } from '../app/app.ts';
import { recipientsOf } from '../channel/channels.ts';
import { withoutAddresses } from '../channel/without-addresses.ts';
import type { Trouble } from '../message/warning.ts';
import type { OpenTrouble } from '../store/troubles.ts';
import { contradictedAlerts } from './troubles/contradicted-alerts.ts';
import { disputes } from './troubles/disputes.ts';
import { failingDrills } from './troubles/failing-drills.ts';
import { failingParts } from './troubles/failing-parts.ts';
import { heldRecords } from './troubles/held-records.ts';
import { holedHistories } from './troubles/holed-histories.ts';
import type { TroubleKind } from './troubles/kind.ts';
import { lostDeliveries } from './troubles/lost-deliveries.ts';
import { missingCloses } from './troubles/missing-closes.ts';
import { otherRules } from './troubles/other-rules.ts';
import { unreachedMessages } from './troubles/reached-nobody.ts';
import { unevaluatedSignals } from './troubles/unevaluated-signals.ts';
import { untoldEvents } from './troubles/untold-events.ts';

/** Every kind of trouble, in the order in which they are told. */
export const TROUBLE_KINDS: readonly TroubleKind[] = [
  missingCloses,
  holedHistories,
  unevaluatedSignals,
  heldRecords,
  contradictedAlerts,
  disputes,
  untoldEvents,
  unreachedMessages,
  lostDeliveries,
  failingParts,
  failingDrills,
  otherRules,
];

/**
 * Everything that is wrong now, from what is stored; nothing is tried and nothing sent. Whatever a check or a service said
 * in it, there is no address in its words: they go to everybody.
 */
export async function currentTroubles(app: App): Promise<Trouble[]> {
  const addresses = recipientsOf(app.settings);
  const troubles: Trouble[] = [];
  for (const kind of TROUBLE_KINDS) troubles.push(...(await kind.find(app, troubles)));
  return troubles.map((trouble) => ({
    ...trouble,
    title: withoutAddresses(trouble.title, addresses),
    text: withoutAddresses(trouble.text, addresses),
  }));
}

/**
 * What is true now that a trouble is over, as a sentence; undefined where there is nothing to say: it was overtaken, or
 * what it was about is gone.
 */
export async function whatIsTrueNow(app: App, trouble: OpenTrouble): Promise<string | undefined> {
  // An earlier version told of every address by its name; what took its place is told as a whole.
  if (trouble.name.includes('email:')) return undefined;
  return TROUBLE_KINDS.find(({ owns }) => owns(trouble.name))?.ending(app, trouble);
}
