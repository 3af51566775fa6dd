import { SourceError } from '../market/source.ts';

/** What `act` makes of a signal; undefined where a file of its closes cannot be read: that is told, and stops no other signal. */
export function whereReadable<T>(act: () => T): T | undefined {
  try {
    return act();
  } catch (error) {
    if (error instanceof SourceError) return undefined;
    throw error;
  }
}
