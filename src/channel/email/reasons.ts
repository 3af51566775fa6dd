/**
 * True for the reason of a delivery that was refused as its address takes no mail, which the next message meets as well:
 * by a status about the address or a mailbox that is switched off (RFC 3463: 5.1.x, 5.2.1), or at RCPT TO without a status.
 * What a server has against the sender, its network or its number of messages is none.
 */
export function isAddressRefused(reason: string | null): boolean {
  const [, step, status] = /the mail server refused (.*?): 5\d\d (?:(5\.\d+\.\d+)\b)?/.exec(reason ?? '') ?? [];
  // 5.1.7 and 5.1.8 are about the sender's address.
  if (status !== undefined) return /^5\.(1\.(?![78]$)\d+|2\.1)$/.test(status);
  return (
    step === 'the recipient' && !/relay|block|black|spam|policy|denied|quota|limit|too (many|much)/i.test(reason ?? '')
  );
}

/** What a server says that answers, and takes a message later. */
export const REFUSED_FOR_NOW = 'the mail server refused it for now';

/** True for the reason of a delivery that the server refused with 4xx: it was there, and had something against it. */
export function isRefusedForNow(reason: string | null): boolean {
  return reason?.startsWith(REFUSED_FOR_NOW) ?? false;
}

/**
 * True for the same where it is not about the mailbox alone, as a full one is (RFC 3463: 4.1.x, 4.2.x): a server that has
 * enough of the sender for now.
 */
export function isSenderRefusedForNow(reason: string | null): boolean {
  return isRefusedForNow(reason) && !/: 4\d\d 4\.[12]\.\d|mailbox/i.test(reason ?? '');
}
