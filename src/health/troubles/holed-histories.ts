import type { App } from '../../app/app.ts';
import { holeOf } from '../../check/hole.ts';
import { commandLine } from '../../message/command-line.ts';
import { date } from '../../message/format.ts';
import type { Trouble } from '../../message/warning.ts';
import { symbolName } from '../../settings/symbols.ts';
import type { TroubleKind } from './kind.ts';

/** How the trouble of a signal begins whose index has a hole in its history. */
const HOLE = 'history-';

/** Histories that lack so much that no event of theirs can be told. */
export const holedHistories: TroubleKind = {
  owns: (name) => name.startsWith(HOLE),
  find: findHoles,
  ending: (app, { name }) => {
    const signal = app.settings.signals.find(({ id }) => name === HOLE + id);
    return signal === undefined || holeOf(app, signal) !== undefined ? undefined : 'The history is complete again.';
  },
};

function findHoles(app: Pick<App, 'settings' | 'closes' | 'source'>): Trouble[] {
  const { settings } = app;
  return settings.signals.flatMap((signal) => {
    const hole = holeOf(app, signal);
    if (hole === undefined) return [];
    const name = symbolName(settings, signal.index);
    return [
      {
        name: HOLE + signal.id,
        since: hole.after,
        title: `${signal.title}: the history has a hole, so no event is announced`,
        text:
          `No close of the ${name} is stored between ${date(hole.after)} and ${date(hole.before)}. A record in between would ` +
          `be unknown, and a later close could be mistaken for one. Every check asks for it again; ${commandLine('import')} fills it by hand.`,
        again: false,
        blocking: true,
        about: null,
      },
    ];
  });
}
