import { InvalidArgumentError } from 'commander';
import { isDate } from '../market/session.ts';

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
