import { domainToASCII } from 'node:url';
import { commandLine } from '../../message/command-line.ts';
import { SettingsError } from '../settings-error.ts';
import type { Variables } from '../variables.ts';
import { readAddresses } from './addresses.ts';

/** So much of a value is shown where it cannot be used. */
const LONGEST_SHOWN = 500;

/**
 * Reads where a mail program sends who presses its button to unsubscribe; nothing where that is not set.
 * @throws {SettingsError}
 */
export function readUnsubscribe({ LIST_UNSUBSCRIBE: text }: Variables): { readonly unsubscribe?: string } {
  if (text === undefined) return {};
  const link = URL.parse(isAddress(text) ? mailto(text) : text);
  if (link !== null && (link.username !== '' || link.password !== '')) {
    throw new SettingsError('LIST_UNSUBSCRIBE holds a user or a password, which every reader of a mail would see');
  }
  const isLink = link?.protocol === 'https:' || (link?.protocol === 'mailto:' && isAddress(decoded(link.pathname)));
  // A blank, or a bracket, would end the link in the head of the mail.
  if (link !== null && isLink && !/[\s<>"]/.test(text)) return { unsubscribe: link.href };
  throw new SettingsError(
    `LIST_UNSUBSCRIBE is '${text.slice(0, LONGEST_SHOWN)}'; allowed: an address such as 'ann@example.com', or a link ` +
      'without blanks that begins with mailto: or https://',
  );
}

/**
 * The link for one recipient (RFC 2369), who is named in the subject of a mail to unsubscribe. One press does not do it
 * (RFC 8058): a person reads that mail.
 * @param from the sender, who is asked where no link is set
 */
export function unsubscribeLink(from: string, recipient: string, set?: string): string {
  const link = set ?? mailto(readAddresses(from).found[0] ?? from);
  const hasNoQuery = link.startsWith('mailto:') && !link.includes('?');
  return hasNoQuery ? `${link}?subject=${encodeURIComponent(`Unsubscribe ${recipient}`)}` : link;
}

/** What a reader who has no such button is told, at the end of a mail. */
export function howToStop(link: string, recipient: string): string {
  const { protocol, pathname, href } = new URL(link);
  const way = protocol === 'mailto:' ? `write to ${decoded(pathname)}` : `open ${href}`;
  return `Sent to ${recipient}. To stop, ${way}, or where Breakout Bell runs: ${commandLine('pause')} email:${recipient}`;
}

function isAddress(text: string): boolean {
  const { found, unclear } = readAddresses(text);
  return found.length === 1 && found[0] === text && unclear.length === 0;
}

function mailto(address: string): string {
  const at = address.lastIndexOf('@');
  const domain = address.slice(at + 1);
  return `mailto:${encodeURIComponent(address.slice(0, at))}@${domainToASCII(domain) || domain}`;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
