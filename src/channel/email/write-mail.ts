import type { Outgoing } from '../../message/message.ts';
import { dkimSigner } from './dkim-sign.ts';
import type { WrittenMail } from './guarded-mail.ts';
import { envelopeOf, headOf } from './head.ts';
import { messageIdOf } from './message-id.ts';
import { ownWords } from './own-words.ts';
import { printOnce } from './print.ts';
import type { EmailSettings } from './settings.ts';
import type { Envelope } from './smtp-asking.ts';
import { unsubscribeLink } from './unsubscribe.ts';

/** Writes the mails of one sender: what they have in common once, the rest for each recipient. */
export function mailWriter({ from, unsubscribe, dkim }: Pick<EmailSettings, 'from' | 'unsubscribe' | 'dkim'>) {
  const print = printOnce();
  const sign = dkim && dkimSigner(dkim);
  return async (outgoing: Outgoing, to: string): Promise<{ envelope: Envelope; written: WrittenMail }> => {
    const { message, repeat, refersTo, seen } = outgoing;
    const { contentType, words, pictures } = await print(outgoing);
    const link = unsubscribeLink(from, to, unsubscribe);
    const head = headOf({
      from,
      to,
      id: message.id,
      messageId: messageIdOf(message.id, to, from),
      subject: repeat ? `${message.title} (may be a repeat)` : message.title,
      // Where the first message's fate is unknown it may have arrived, and its Message-ID is known all the same.
      first: refersTo?.messageId ?? (message.refersTo === null ? undefined : messageIdOf(message.refersTo, to, from)),
      link,
      contentType,
    });
    const body = words(ownWords(to, link, seen));
    const signature = sign === undefined ? '' : `${sign(head, body, pictures)}\r\n`;
    const whole = `${signature}${head}\r\n\r\n${body}`;
    return {
      envelope: envelopeOf(from, to),
      written: { words: Buffer.from(whole.replaceAll('\r\n.', '\r\n..'), 'latin1'), pictures },
    };
  };
}
