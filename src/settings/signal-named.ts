import type { Signal } from '../signal/signal.ts';

/** The signal of an id, or the first where none is named; undefined where there is no such signal. */
export function signalNamed(signals: readonly Signal[], id: string | undefined): Signal | undefined {
  return id === undefined ? signals[0] : signals.find((signal) => signal.id === id);
}
