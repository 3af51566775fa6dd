import { domainToASCII } from 'node:url';
import { fingerprintOf } from '../channel.ts';

/** `<id/hash-of-recipient@domain-of-sender>`: the same for every attempt, another for every recipient. */
export function messageIdOf(id: string, recipient: string, from: string): string {
  return `<${id.replace(/[^\w.!#$%&'*+/=?^`{|}~-]/g, '-')}/${fingerprintOf(recipient).slice(0, 8)}@${domainOf(from)}>`;
}

/** The domain of a sender, in ASCII. */
export function domainOf(from: string): string {
  const domain = from.match(/@([^\s@<>"]+)>?\s*$/)?.[1] ?? 'localhost';
  return /^[\x20-\x7e]*$/.test(domain) ? domain : domainToASCII(domain);
}
