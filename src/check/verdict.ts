import { SourceError } from '../market/source.ts';
import { cleanWords } from '../message/clean-words.ts';
import type { Settings } from '../settings/settings.ts';
import type { Signal } from '../signal/signal.ts';
import type { Decision } from '../store/events.ts';
import type { Report, SignalReport } from './report.ts';
import type { Untold } from './untold.ts';

/** What one run finds about one signal. */
export interface Verdict {
  /** Where the signal stands; undefined where no close is stored. */
  readonly state?: SignalReport;
  /** The id of the event that its newest close is. */
  readonly newest?: string;
  /** Undefined where nothing can be decided: the signal counts as not evaluated. */
  readonly decision?: Decision;
  /** What does not work, one line. */
  readonly problem?: string;
  /** True where the source could not be read, and should soon be asked again. */
  readonly unread?: true;
  /** The event that is put off, and why. */
  readonly untold?: Pick<Untold, 'session' | 'why'>;
}

/** What `act` finds about a signal. A file or a history that cannot be used stops this signal only, and says so. */
export async function orProblem<T>(
  { secrets }: Pick<Settings, 'secrets'>,
  { title }: Pick<Signal, 'title'>,
  act: () => T | Promise<T>,
): Promise<T | { readonly problem: string }> {
  try {
    return await act();
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    return { problem: cleanWords(`${title}: ${error.message}`, secrets) };
  }
}

/** Where the signals stand. */
export function statesOf(verdicts: readonly Verdict[]): SignalReport[] {
  return verdicts.flatMap(({ state }) => state ?? []);
}

/** What does not work, a line each. */
export function problemsOf(verdicts: readonly Verdict[]): string[] {
  return verdicts.flatMap(({ problem }) => problem ?? []);
}

/** The alerts of many events that some decisions post, with the ids of their events; nothing where there are none. */
export function togetherBy(decisions: readonly Decision[]): Pick<Report, 'together'> {
  const messages = decisions.flatMap((decision) => decision.messages);
  const eventOf = new Map(messages.map(({ message, event }) => [message.id, event]));
  const together = messages.flatMap(({ message: { id, kind, tells } }) =>
    kind === 'alert' && tells !== undefined
      ? [{ message: id, events: tells.flatMap((told) => eventOf.get(told) ?? []) }]
      : [],
  );
  return together.length === 0 ? {} : { together };
}

/** The ids of the events that some decisions alert of. */
export function firedBy(decisions: readonly Decision[]): string[] {
  return decisions
    .flatMap(({ messages }) => messages)
    .flatMap(({ message, event }) => (message.kind === 'alert' && event !== null ? [event] : []));
}
