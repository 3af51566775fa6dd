import type { App } from '../../app/app.ts';
import { type Untold, untoldOf } from '../../check/untold.ts';
import { addDays } from '../../market/session.ts';
import { isToCome } from '../../market/stamp.ts';
import { date } from '../../message/format.ts';
import type { Trouble } from '../../message/warning.ts';
import { symbolName } from '../../settings/symbols.ts';
import type { OpenTrouble } from '../../store/troubles.ts';
import type { TroubleKind } from './kind.ts';
import { NEXT_MORNING } from './overdue.ts';
import { unevaluatedIn } from './unevaluated-signals.ts';

/** How the trouble of a signal begins that has an event which is put off. */
const UNTOLD = 'untold-';

/** The signals with an event that the readings have put off until the next morning: people should look for themselves. */
export const untoldEvents: TroubleKind = {
  owns: (name) => name.startsWith(UNTOLD),
  find: findUntold,
  ending: howItEnded,
};

async function findUntold(
  app: Pick<App, 'settings' | 'closes' | 'ledger' | 'now'>,
  found: readonly Trouble[],
): Promise<Trouble[]> {
  const { settings, closes, now } = app;
  // Of these it is told already that they are not evaluated.
  const behind = unevaluatedIn(found);
  const untoldById = new Map<string, Untold | undefined>();
  for (const { id } of settings.signals) untoldById.set(id, await untoldOf(app, id));
  return settings.signals.flatMap(({ id, title, index }): Trouble[] => {
    const untold = untoldById.get(id);
    if (untold === undefined || behind.includes(id)) return [];
    const exchange = closes.exchange(index);
    const morning = exchange.instant(addDays(exchange.date(Date.parse(untold.since)), 1), NEXT_MORNING);
    if (now() < morning && !isToCome(untold.since, now())) return [];
    return [
      {
        name: UNTOLD + id,
        since: untold.session,
        title: `${title}: the close of ${date(untold.session)} may be an event, but has not been announced yet`,
        text:
          `By the closes of the ${symbolName(settings, index)} as believed now, a message about ${date(untold.session)} is due. ` +
          `${untold.why}. Every check tries again. If you cannot wait, compare with another source.`,
        again: false,
        blocking: true,
        about: null,
      },
    ];
  });
}

/** How it ended, as a sentence; undefined where the message itself says so. */
async function howItEnded(
  { ledger }: Pick<App, 'ledger'>,
  { name, since: session }: OpenTrouble,
): Promise<string | undefined> {
  const events = (await ledger.signal(name.slice(UNTOLD.length)))?.events ?? [];
  const known = events.some((event) => event.session === session && event.status !== 'cancelled');
  return known ? undefined : `The readings agree: the close of ${date(session)} is not an event.`;
}
