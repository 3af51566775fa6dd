import type { App } from '../../app/app.ts';
import { addDays } from '../../market/session.ts';
import { date } from '../../message/format.ts';
import type { Trouble } from '../../message/warning.ts';
import { doubtIn } from '../../message/witnessed.ts';
import type { TroubleKind } from './kind.ts';

/** Calendar days for which a contradicted alert is a trouble: by then its close was read again many times. */
const CONTRADICTED_DAYS = 7;

/** How the trouble of a signal begins whose close a second source contradicts. */
const CONTRADICTED = 'witness-';

/** Alerts whose close a second source contradicted when they were written, while they are news. */
export const contradictedAlerts: TroubleKind = {
  owns: (name) => name.startsWith(CONTRADICTED),
  find: findContradicted,
  // A correction or a retraction says it, or nobody is told any more.
  ending: () => undefined,
};

async function findContradicted({
  settings,
  ledger,
  witness,
  closes,
  now,
}: Pick<App, 'settings' | 'closes' | 'ledger' | 'witness' | 'now'>): Promise<Trouble[]> {
  if (witness === undefined) return [];
  const troubles: Trouble[] = [];
  for (const { id, title, index } of settings.signals) {
    const newsFrom = addDays(closes.exchange(index).date(now()), -CONTRADICTED_DAYS);
    const events = (await ledger.signal(id))?.events ?? [];
    for (const { session, status, messages } of events) {
      const told = messages.findLast((message) => message.witness !== undefined);
      const doubt = told && doubtIn(told);
      if (status !== 'alerted' || session < newsFrom || doubt === undefined) continue;
      troubles.push({
        name: CONTRADICTED + id,
        since: session,
        title: `${title}: a second source contradicts the close of ${date(session)}`,
        text: `${doubt} The alert was sent anyway; a correction or a retraction follows if the close is revised.`,
        again: false,
        blocking: false,
        about: null,
      });
    }
  }
  return troubles;
}
