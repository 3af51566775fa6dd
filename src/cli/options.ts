import { InvalidArgumentError } from 'commander';
import { isDate } from '../market/session.ts';
import { CallError } from '../settings/call-error.ts';

/** @throws {InvalidArgumentError} naming what is allowed, as all of these */
export function toSession(text: string): string {
  if (isDate(text)) return text;
  throw new InvalidArgumentError(`'${text}' is not a date; allowed: YYYY-MM-DD.`);
}

/** The number that resampling begins with. */
export function toSeed(text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('Allowed: a whole number from 0 to 999999999.');
}

/** Calendar years of quiet. */
export function toYears(text: string): number {
  if (/^([1-9]|1\d|20)$/.test(text)) return Number(text);
  throw new InvalidArgumentError('Allowed: a whole number of years from 1 to 20.');
}

/**
 * The value of an option that npm took for its own: `npm run pause email --until=2026-01-05`.
 * @throws {CallError} where it is not allowed
 */
export function npmOption<T>(name: string, parse: (text: string) => T): T | undefined {
  const value = process.env[`npm_config_${name}`];
  if (value === undefined || value === '') return undefined;
  try {
    return parse(value);
  } catch (error) {
    throw new CallError(`--${name}: ${(error as Error).message}`);
  }
}

/** Whether an option without a value is set, for us or for npm: `npm run digest --send`. */
export function isSet(given: true | undefined, name: string): boolean {
  return given === true || npmOption(name, (text) => text === 'true') === true;
}
