import MimeNode from 'nodemailer/lib/mime-node';
import { domainOf } from './message-id.ts';
import type { Envelope } from './smtp-asking.ts';

/** What the head of a mail says of it. */
export interface HeadFacts {
  readonly from: string;
  readonly to: string;
  /** The id of the message. */
  readonly id: string;
  readonly messageId: string;
  readonly subject: string;
  /** The Message-ID that it refers to; undefined: none. */
  readonly first: string | undefined;
  /** Where its recipient unsubscribes. */
  readonly link: string;
  readonly contentType: string;
}

/** The head of a mail, without the empty line that ends it. Every character is a byte. */
export function headOf(facts: HeadFacts): string {
  const { from, to, id, messageId, subject, first, link, contentType } = facts;
  const node = new MimeNode(contentType);
  node.addHeader({ 'Auto-Submitted': 'auto-generated', 'X-Breakout-Bell-Id': id });
  node.setHeader({ From: from, To: to });
  if (first !== undefined) node.setHeader({ 'In-Reply-To': first, References: first });
  node.setHeader({ Subject: subject, 'Message-ID': messageId });
  node.addHeader('List-ID', whole(`"Breakout Bell" <breakout-bell.${domainOf(from)}>`));
  node.addHeader('List-Unsubscribe', whole(`<${link}>`));
  return Buffer.from(node.buildHeaders()).toString('latin1');
}

/** Who writes to whom, as a mail server is told. */
export function envelopeOf(from: string, to: string): Envelope {
  const envelope = new MimeNode('text/plain').setHeader({ From: from, To: to }).getEnvelope();
  return { from: envelope.from || '', to: envelope.to[0] ?? '' };
}

/** A value that is written as it is. */
function whole(value: string) {
  return { prepared: true, foldLines: true, value };
}
