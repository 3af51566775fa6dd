import type { App } from '../app/app.ts';
import type { ReadSessions } from '../ingest/read.ts';
import type { Session } from '../market/close.ts';
import { eventId } from '../message/alert.ts';
import { commandLine } from '../message/command-line.ts';
import { date } from '../message/format.ts';
import type { Signal } from '../signal/signal.ts';
import { evaluate } from './evaluate.ts';
import type { Evaluation } from './evaluation.ts';
import type { Verdict } from './verdict.ts';

/** Where a signal stands by its closes, and what that was evaluated from. */
export interface Standing {
  readonly evaluation: Evaluation;
  readonly stands: Required<Pick<Verdict, 'state'>> & Pick<Verdict, 'newest'>;
}

/** @returns why it stands nowhere, where no close is stored */
export function standingOf(
  app: Pick<App, 'settings' | 'closes' | 'source' | 'channels' | 'now'>,
  signal: Signal,
  readSessions?: ReadSessions,
  asOf?: Session,
): Standing | { readonly problem: string } {
  const evaluation = evaluate(app, signal, readSessions, asOf);
  const { state, events } = evaluation.detection;
  if (state === undefined) return { problem: nothingStored(signal, asOf) };
  const isEvent = events.at(-1)?.session === state.session;
  return {
    evaluation,
    stands: {
      state: { signal: signal.id, ...state, ...(signal.channels && { channels: evaluation.channels }) },
      ...(isEvent ? { newest: eventId(signal.id, state.session) } : {}),
    },
  };
}

function nothingStored({ title, index }: Signal, asOf?: Session): string {
  return asOf === undefined
    ? `${title}: no closes of ${index} are stored yet; ${commandLine('check')} reads them`
    : `${title}: no closes of ${index} are stored up to ${date(asOf)}`;
}
