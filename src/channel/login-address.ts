import type { SettingsError } from './settings-error.ts';

// Addresses that hold a login, as SMTP_URL and DATABASE_URL do: taken apart so that no piece of a password is ever taken for
// another part, and shown.

/** The parts of an address, still percent-encoded. */
export interface LoginAddress {
  readonly user?: string;
  readonly password?: string;
  /** Host and port. */
  readonly place?: string;
  readonly path?: string;
  readonly query?: string;
}

/** Makes the error of a variable: what is wrong with it, and, where it is not its form, what to do. Neither holds a part of it. */
export type AddressFault = (what: string, cure?: string) => SettingsError;

/**
 * An @ stands nowhere but in the login: where a character of the password was not encoded and ends the login too early, the
 * rest of the password is never taken for another part.
 */
const PARTS = String.raw`(?:(?<user>[^:@/?#]*)(?::(?<password>[^/?#]*))?@)?(?<place>[^@/?#]*)(?:\/(?<path>[^@/?#]*))?(?:\?(?<query>[^@#]*))?`;

/** How the characters are written that an address cannot hold as they are. */
export const ENCODING = '@ is %40, # is %23, / is %2F, ? is %3F, % is %25';

/** @param scheme a regular expression; undefined: the address has not this form */
export function splitAddress(address: string, scheme: string): LoginAddress | undefined {
  return new RegExp(`^${scheme}://${PARTS}$`, 'i').exec(address)?.groups;
}

/** A part of the login as it is. @throws {SettingsError} */
export function decodePart(part: string, text: string, fault: AddressFault): string {
  let plain: string;
  try {
    plain = decodeURIComponent(text);
  } catch {
    throw fault(`has a % in its ${part} that does not start an encoded character`);
  }
  if (/\p{Cc}/u.test(plain)) throw fault(`has a line break or another control character in its ${part}`);
  return plain;
}

/** Host and port apart; no digits: no port was given. @throws {SettingsError} */
export function splitPlace(place: string, fault: AddressFault): { readonly name: string; readonly digits: string } {
  const [, name, digits = ''] = /^(\[[^\]]*\]|[^:]*)(?::([^:]*))?$/.exec(place) ?? [];
  if (name !== undefined) return { name, digits };
  throw fault('has several colons between login and path', 'put an IPv6 address in brackets: [2001:db8::1]');
}

/**
 * The spelling of a host that a resolver and a certificate go by: punycode, IPv4 with four numbers, IPv6 at its shortest and
 * without brackets. Undefined for what is neither a name nor an address.
 */
export function resolvableHost(text: string): string | undefined {
  const host = /^(\[[\da-f:.]+\]|[^\s@:?#%,/\\[\]]+)$/i.test(text) ? URL.parse(`http://${text}`)?.hostname : undefined;
  const isOne = host !== undefined && host.length <= 255 && /^(\[.*\]|[a-z\d_]([a-z\d._-]*[a-z\d_])?\.?)$/.test(host);
  return isOne ? host.replace(/^\[(.*)\]$/, '$1') : undefined;
}

/**
 * The text is not shown: it may be the end of a password that lacks its host.
 * @param standard the port where none is given
 * @throws {SettingsError}
 */
export function readPort(digits: string, standard: number, fault: AddressFault): number {
  if (digits === '') return standard;
  const port = Number(digits);
  if (/^\d+$/.test(digits) && port >= 1 && port <= 65_535) return port;
  throw fault('has no port after the colon of its host', `allowed: 1 to 65535; without one it is ${standard}`);
}
