/** A configuration file or variable that cannot be used: names where, what, the value, what is allowed. */
export class SettingsError extends Error {
  override name = 'SettingsError';
}
