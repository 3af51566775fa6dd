import type { Signal } from './signal.ts';

/** The signal with this id, or the first one where none is named; undefined where there is none of that id. */
export function signalNamed(signals: readonly Signal[], id: string | undefined): Signal | undefined {
  return id === undefined ? signals[0] : signals.find((signal) => signal.id === id);
}
