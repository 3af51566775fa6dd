import { createPrivateKey, type KeyObject } from 'node:crypto';
import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { domainToASCII } from 'node:url';
import { SettingsError } from '../settings-error.ts';
import { readPem } from '../settings-text.ts';
import type { Variables } from '../variables.ts';
import { readAddresses } from './addresses.ts';
import { domainOf } from './message-id.ts';

/** Who signs mails, and with what (RFC 6376). */
export interface DkimSettings {
  /** In ASCII. */
  readonly domain: string;
  readonly selector: string;
  /** A private RSA key in PEM form. */
  readonly key: string;
}

const VARIABLES = ['DKIM_DOMAIN', 'DKIM_SELECTOR', 'DKIM_KEY_FILE'] as const;
const LABEL = '[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?';
const DOMAIN = new RegExp(`^(?=.{1,253}$)${LABEL}(?:\\.${LABEL})+$`, 'i');
const SELECTOR = new RegExp(`^(?=.{1,63}$)${LABEL}(?:\\.${LABEL})*$`, 'i');
/** In bits: verifiers must not take less, and should be given more (RFC 8301, section 3.2). */
const [LEAST_BITS, GOOD_BITS] = [1024, 2048];
const HOW_TO_MAKE = 'make one with: openssl genrsa -out dkim.pem 2048';

/**
 * Reads who signs; nothing where none of it is set.
 * @param root the folder that a relative path begins at
 * @throws {SettingsError} which never shows anything of the key
 */
export function readDkim(env: Variables, root: string): { readonly dkim?: DkimSettings } {
  const unset = VARIABLES.filter((name) => env[name] === undefined);
  if (unset.length === VARIABLES.length) return {};
  const { DKIM_DOMAIN = '', DKIM_SELECTOR = '', DKIM_KEY_FILE = '' } = env;
  if (unset.length > 0) {
    const verb = unset.length === 1 ? 'is' : 'are';
    throw new SettingsError(
      `${unset.join(' and ')} ${verb} not set; signing needs DKIM_DOMAIN, DKIM_SELECTOR and DKIM_KEY_FILE`,
    );
  }
  const domain = domainToASCII(DKIM_DOMAIN);
  if (!DOMAIN.test(domain)) {
    throw new SettingsError(`DKIM_DOMAIN is '${shown(DKIM_DOMAIN)}'; allowed: a domain, for example 'example.com'`);
  }
  if (!SELECTOR.test(DKIM_SELECTOR)) {
    throw new SettingsError(
      `DKIM_SELECTOR is '${shown(DKIM_SELECTOR)}'; allowed: letters, digits and hyphens, for example 'bell'`,
    );
  }
  return { dkim: { domain, selector: DKIM_SELECTOR, key: readKey(resolve(root, DKIM_KEY_FILE)) } };
}

function readKey(path: string): string {
  const named = `DKIM_KEY_FILE: ${path}`;
  const pem = readPem(named, path, 'private key without a passphrase');
  let key: KeyObject;
  try {
    key = createPrivateKey(pem);
  } catch {
    // The words of OpenSSL say nothing that helps.
    throw new SettingsError(
      `${named} contains a private key that cannot be read; copy the file again, or ${HOW_TO_MAKE}`,
    );
  }
  const { asymmetricKeyType: type, asymmetricKeyDetails: { modulusLength = 0 } = {} } = key;
  if (type !== 'rsa') {
    throw new SettingsError(
      `${named} contains a key of the type ${type}; allowed: rsa, which every mail server can verify; ${HOW_TO_MAKE}`,
    );
  }
  if (modulusLength < LEAST_BITS) {
    throw new SettingsError(
      `${named} contains a key of ${modulusLength} bits; allowed: at least ${LEAST_BITS}; ${HOW_TO_MAKE}`,
    );
  }
  return pem;
}

/** What works, or may work, and is easily mistaken. @param root as above */
export function dkimRemarks(env: Variables, root: string): string[] {
  const { DKIM_DOMAIN, DKIM_KEY_FILE, EMAIL_FROM, SMTP_URL } = env;
  if (SMTP_URL === undefined) {
    const set = VARIABLES.filter((name) => env[name] !== undefined);
    return set.map((name) => `${name} has no effect: SMTP_URL is not set.`);
  }
  return [
    ...(DKIM_DOMAIN === undefined || EMAIL_FROM === undefined ? [] : alignmentRemarks(DKIM_DOMAIN, EMAIL_FROM)),
    ...(DKIM_KEY_FILE === undefined ? [] : keyRemarks(resolve(root, DKIM_KEY_FILE))),
  ];
}

/** DMARC counts a signature only where it is of the sender's domain (RFC 7489, section 3.1.1). */
function alignmentRemarks(domain: string, sender: string): string[] {
  const [signer, from] = [domainToASCII(domain), domainOf(readAddresses(sender).found[0] ?? sender)].map((name) =>
    name.toLowerCase(),
  ) as [string, string];
  const isAligned = signer === from || signer.endsWith(`.${from}`) || from.endsWith(`.${signer}`);
  return isAligned
    ? []
    : [
        `DKIM_DOMAIN is ${signer}, but EMAIL_FROM is at ${from}: DMARC does not count a signature of another domain, so mails may be refused or filed as spam.`,
      ];
}

function keyRemarks(path: string): string[] {
  const stats = statSync(path, { throwIfNoEntry: false });
  // Windows has no such bits.
  const isOpen = process.platform !== 'win32' && stats !== undefined && (stats.mode & 0o077) !== 0;
  return [
    ...(isOpen
      ? [`${path} can be read by other users of this machine; it holds the key that signs mails: chmod 600 ${path}`]
      : []),
    ...(bitsOf(path) < GOOD_BITS
      ? [`DKIM_KEY_FILE: ${path} contains a key of under ${GOOD_BITS} bits, which some servers distrust.`]
      : []),
  ];
}

/** Not a number where it cannot be read: reading the settings says so. */
function bitsOf(path: string): number {
  try {
    return (
      createPrivateKey(readPem('', path, 'private key without a passphrase')).asymmetricKeyDetails?.modulusLength ??
      Number.NaN
    );
  } catch {
    return Number.NaN;
  }
}

/** What of it must never be shown: whole, and each of its lines. */
export function dkimSecrets({ key }: Pick<DkimSettings, 'key'>): string[] {
  const lines = key.split(/\r?\n/).map((line) => line.trim());
  const inside = lines.filter((line) => line.length >= 16 && !line.startsWith('-----'));
  return [key, key.trim(), inside.join(''), ...inside];
}

function shown(text: string): string {
  return text.slice(0, 100);
}
