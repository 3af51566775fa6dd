import type { App } from '../../app/app.ts';
import { whereReadable } from '../../app/where-readable.ts';
import { evaluate } from '../../check/evaluate.ts';
import { heldValues } from '../../check/held-values.ts';
import { awaitedValue } from '../../market/second-reading.ts';
import { date, points } from '../../message/format.ts';
import type { Trouble } from '../../message/warning.ts';
import { symbolName } from '../../settings/symbols.ts';
import type { TroubleKind } from './kind.ts';
import { newestOverdue } from './overdue.ts';

/** How the trouble of a signal begins with a held close that would be a record. */
const HELD = 'held-';

/** The held closes of an index that would be records: people should look for themselves. One trouble, however many. */
export const heldRecords: TroubleKind = {
  owns: (name) => name.startsWith(HELD),
  find: findHeldRecords,
  ending: ({ settings, closes }, { name, since }) => {
    const signal = settings.signals.find(({ id }) => name === HELD + id);
    const known = signal && closes.known(signal.index, since).find(({ session }) => session === since);
    return known?.close == null ? undefined : `The close of ${date(since)} is believed now: ${points(known.close)}.`;
  },
};

/** The same as troubles, for who tells of those closes otherwise. */
export function findHeldRecords(app: Pick<App, 'settings' | 'closes' | 'source' | 'channels' | 'now'>): Trouble[] {
  const { settings, closes, now } = app;
  return settings.signals.flatMap((signal) => {
    // What a second reading will decide within hours is news only then.
    const awaited = closes.held(signal.index).filter((row) => awaitedValue(row, now()) !== undefined);
    const held = heldValues(closes, signal.index).filter(({ session }) =>
      awaited.every((row) => row.session !== session),
    );
    const evaluation = held.length === 0 ? undefined : whereReadable(() => evaluate(app, signal));
    const record = evaluation?.detection.state?.record;
    const above = record === undefined ? [] : held.filter(({ close }) => close > record.close);
    const [first] = above;
    if (record === undefined || first === undefined) return [];
    const { session, close, reason } = first;
    const more =
      above.length > 1 ? ` So ${above.length === 2 ? 'is 1 close' : `are ${above.length - 1} closes`} after it.` : '';
    return [
      {
        name: HELD + signal.id,
        since: session,
        title: `${signal.title}: a close that would be a record is not believed yet`,
        text:
          `${points(close)} was read for the ${symbolName(settings, signal.index)} on ${date(session)}, above the record of ` +
          `${points(record.close)}, but it is held: ${reason}.${more} Later readings decide; an alert follows if they agree. ` +
          'If you cannot wait, compare with another source.',
        again: false,
        // From the next morning on the session is one that was not evaluated.
        blocking:
          session <= newestOverdue(app, signal.index) &&
          closes.known(signal.index, session).every((row) => row.session < session || row.close === null),
        closes: { indexes: [signal.index], sessions: above.map((value) => value.session) },
        about: null,
      },
    ];
  });
}
