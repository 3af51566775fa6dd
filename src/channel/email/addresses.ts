import { domainToASCII } from 'node:url';
import addressparser from 'nodemailer/lib/addressparser';

/** What was found in a text. */
export interface AddressesRead {
  /** In the order and spelling of the text. */
  readonly found: readonly string[];
  /** What looks like an address, or was read as one, and cannot be used; empty where all is clear. */
  readonly unclear: readonly string[];
}

/** What looks like an address, wherever it stands: also in a name, in brackets, in a comment. */
const MENTION = /[^\s@<>()[\],;:"]+@(?:\[[\w.:]+\]|[^\s@<>()[\],;:"]+)/g;
const LOCAL = /^[\p{L}\p{M}\p{N}!#$%&'*+/=?^_`{|}~.-]+$/u;
const LABEL = /^[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?$/i;

/**
 * Reads addresses as people write them: `ann@example.com`, `Ann <ann@example.com>`, `"Doe, Ann" <…>`, `Team: …, …;`,
 * separated by commas or semicolons, bare ones by blanks too. Whatever in the text looks like an address and is not among
 * the addresses found is unclear: nobody whom the text names is left out unseen.
 */
export function readAddresses(text: string): AddressesRead {
  const found = addressparser(withCommas(text), { flatten: true }).map(({ name, address }) => address || name || '');
  const known = new Set(found.map(sameAddress));
  const mentions = (text.match(MENTION) ?? []).map((mention) => mention.replace(/^'(.*)'$/, '$1'));
  const unclear = [
    ...found.filter((address) => !isAddress(address)),
    ...mentions.filter((mention) => !known.has(sameAddress(mention))),
  ];
  // An @ between blanks, or two of them in one word.
  const strayAt = text.split('@').length - 1 !== mentions.length;
  return {
    found: found.filter(isAddress),
    unclear: [...new Set(unclear.length === 0 && strayAt ? [text] : unclear)].map((part) => part || text),
  };
}

/** Equal for two spellings of one mailbox. Servers may tell capitals apart before the @; none in use does. */
export function sameAddress(address: string): string {
  const at = address.lastIndexOf('@');
  return `${address.slice(0, at)}@${domainToASCII(address.slice(at + 1)) || address.slice(at + 1)}`.toLowerCase();
}

/** Puts commas between bare addresses that blanks separate; a name, a comment or a group may hold blanks of its own. */
function withCommas(text: string): string {
  if (/["<>():]/.test(text)) return text;
  const words = text.split(/\s+/);
  return words
    .map((word, at) => (word.includes('@') && words[at + 1]?.includes('@') && !/[,;]$/.test(word) ? `${word},` : word))
    .join(' ');
}

/** True for what a mail server can take; beyond ASCII only letters and digits that mean themselves. */
function isAddress(address: string): boolean {
  const at = address.lastIndexOf('@');
  const [local, domain] = [address.slice(0, at), address.slice(at + 1)];
  if (at < 1 || address.length > 254 || Buffer.byteLength(local) > 64) return false;
  if (!LOCAL.test(local) || /^'.*'$/.test(local) || address.normalize('NFKC') !== address) return false;
  if (/^\[(\d{1,3}(\.\d{1,3}){3}|IPv6:[\da-f:.]+)\]$/i.test(domain)) return true;
  if (!/^[\p{L}\p{M}\p{N}._-]+$/u.test(domain)) return false;
  const ascii = domainToASCII(domain);
  return ascii.length <= 253 && ascii.split('.').every((label) => LABEL.test(label));
}
