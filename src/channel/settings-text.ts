import { X509Certificate } from 'node:crypto';
import { NotReadError, readRegularFile } from '../market/regular-file.ts';
import { SettingsError } from './settings-error.ts';

/** A watch list of a thousand signals has 0.3 MB. */
const MOST_MB = 8;

/** The text of a file of settings. @throws {Error} where it cannot be read, or is no plain file */
export function readSettingsText(path: string): string {
  return decodeText(readRegularFile(path, MOST_MB));
}

/**
 * The text of a file that a person has written. Editors on Windows put a mark before it, and may write UTF-16.
 * Source: the byte order marks of the Unicode Standard, section 23.8.
 */
function decodeText(bytes: Buffer): string {
  const [first, second] = bytes;
  const encoding =
    first === 0xff && second === 0xfe ? 'utf-16le' : first === 0xfe && second === 0xff ? 'utf-16be' : 'utf-8';
  return new TextDecoder(encoding).decode(bytes);
}

/**
 * The text of a file that a setting names.
 * @param named how the file is named in an error, its path included
 * @throws {SettingsError} where it cannot be read, or is no plain file
 */
export function readNamedText(named: string, path: string): string {
  try {
    return readSettingsText(path);
  } catch (error) {
    const { message } = error as Error;
    const why = error instanceof NotReadError ? message : `cannot be read: ${message}`;
    throw new SettingsError(`${named} ${why}`, { cause: error });
  }
}

/** What a PEM file must hold. */
export const PEM = {
  certificate: /-----BEGIN (TRUSTED |X509 )?CERTIFICATE-----/,
  'private key without a passphrase': /-----BEGIN (RSA |EC )?PRIVATE KEY-----/,
} as const;

/**
 * The text of a file of certificates or of a key.
 * @param named how the file is named in an error, its path included
 * @throws {SettingsError} where it cannot be read, or holds something else
 */
export function readPem(named: string, path: string, content: keyof typeof PEM): string {
  const text = readNamedText(named, path);
  if (PEM[content].test(text)) return text;
  throw new SettingsError(`${named} contains no ${content} in PEM form (-----BEGIN …)`);
}

/** True where every certificate in a PEM text can be read. */
export function hasSoundCertificates(text: string): boolean {
  const blocks = text.match(/-----BEGIN [^-]*CERTIFICATE-----[^-]*-----END [^-]*CERTIFICATE-----/g) ?? [];
  return blocks.length > 0 && blocks.every(isCertificate);
}

function isCertificate(block: string): boolean {
  try {
    return new X509Certificate(block).subject !== undefined;
  } catch {
    return false;
  }
}
