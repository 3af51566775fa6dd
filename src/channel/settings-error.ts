/** A configuration file or variable that cannot be used: names where, what, the value, what is allowed. A line for each fault. */
export class SettingsError extends Error {
  override name = 'SettingsError';
}

type Read<T extends Readonly<Record<string, () => unknown>>> = { readonly [K in keyof T]: ReturnType<T[K]> };

/**
 * Reads several settings that do not depend on each other.
 * @throws {SettingsError} for all that cannot be used, in the order given, so that a person corrects them in one go
 */
export function readAll<T extends Readonly<Record<string, () => unknown>>>(reads: T): Read<T> {
  const faults = new Set<string>();
  const read = Object.entries(reads).map(([name, one]) => {
    try {
      return [name, one()];
    } catch (error) {
      if (!(error instanceof SettingsError)) throw error;
      // What two of them read is at fault once.
      for (const line of error.message.split('\n')) faults.add(line);
      return [name, undefined];
    }
  });
  if (faults.size > 0) throw new SettingsError([...faults].join('\n'));
  return Object.fromEntries(read) as Read<T>;
}
