import { SettingsError } from '../channel/settings-error.ts';

/** The word among those allowed. @throws {SettingsError} that names them */
export function oneOf<T extends string>(allowed: readonly T[], variable: string, value: string): T {
  const found = allowed.find((word) => word === value);
  if (found !== undefined) return found;
  throw new SettingsError(`${variable} is '${value}'; allowed: ${allowed.join(', ')}`);
}
