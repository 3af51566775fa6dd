import { resolve } from 'node:path';
import { SettingsError } from '../settings-error.ts';
import { readNamedText } from '../settings-text.ts';
import type { Variables } from '../variables.ts';
import { readAddresses, sameAddress } from './addresses.ts';

/** So much of a list of addresses is shown where it cannot be used. */
const LONGEST_SHOWN = 500;
/** So many lines of a file are named where they cannot be used. */
const MOST_LINES = 5;

/**
 * Reads who gets mails, from EMAIL_TO or from the file that EMAIL_TO_FILE names; of one mailbox in two spellings the first.
 * @param root the folder that a relative path begins at
 * @throws {SettingsError}
 */
export function readRecipients({ EMAIL_TO, EMAIL_TO_FILE }: Variables, root: string): string[] {
  if (EMAIL_TO !== undefined && EMAIL_TO_FILE !== undefined) {
    throw new SettingsError('EMAIL_TO and EMAIL_TO_FILE are both set; set one of them');
  }
  const all =
    EMAIL_TO_FILE === undefined ? requireAddresses('EMAIL_TO', EMAIL_TO ?? '') : inFile(resolve(root, EMAIL_TO_FILE));
  return [...Map.groupBy(all, sameAddress).values()].flatMap(([first]) => first ?? []);
}

/** The addresses of a text. @throws {SettingsError} where one of them is unclear, or there is none */
export function requireAddresses(variable: string, text: string): readonly string[] {
  const { found, unclear } = readAddresses(text);
  if (found.length > 0 && unclear.length === 0) return found;
  const shown = (parts: readonly string[]) => parts.map((part) => `'${part.slice(0, LONGEST_SHOWN)}'`).join(', ');
  throw new SettingsError(
    `${variable} is ${shown([text])}; allowed: addresses such as 'ann@example.com' or 'Ann <ann@example.com>', separated ` +
      `by commas, semicolons or line breaks. Understood: ${shown(found) || 'none'}. Not understood: ${shown(unclear) || 'the rest'}`,
  );
}

/** One address, or several, in each line; empty lines and what follows a # at the beginning of one are none. */
function inFile(path: string): string[] {
  const named = `EMAIL_TO_FILE: ${path}`;
  const lines = readNamedText(named, path)
    .split(/\r?\n/)
    .map((line, at) => ({ line: line.trim(), number: at + 1 }));
  const read = lines
    .filter(({ line }) => line !== '' && !line.startsWith('#'))
    .map(({ line, number }) => ({ line, number, ...readAddresses(line) }));
  const bad = read.filter(({ found, unclear }) => found.length === 0 || unclear.length > 0);
  if (bad.length > 0) {
    const shown = bad.slice(0, MOST_LINES).map(({ line, number }) => `line ${number} is '${line.slice(0, 100)}'`);
    const more = bad.length > MOST_LINES ? [`and ${bad.length - MOST_LINES} more lines are unclear`] : [];
    throw new SettingsError(
      `${named}: ${[...shown, ...more].join(', ')}; allowed: an address such as 'ann@example.com' or 'Ann <ann@example.com>' in each line`,
    );
  }
  if (read.length === 0) throw new SettingsError(`${named} contains no address; allowed: one in each line`);
  return read.flatMap(({ found }) => found);
}
