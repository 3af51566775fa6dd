import { createHash, createPrivateKey } from 'node:crypto';
import sign from 'nodemailer/lib/dkim/sign.js';
import type { DkimSettings } from './dkim-settings.ts';

/** Signs mails: relaxed/relaxed, rsa-sha256, with nodemailer's list of headers, List-Unsubscribe among them. */
export function dkimSigner({ domain, selector, key }: DkimSettings) {
  const privateKey = createPrivateKey(key);
  const known = new WeakMap<Buffer, Buffer>();
  const canonical = (pictures: Buffer): Buffer => {
    const found = known.get(pictures) ?? Buffer.from(relaxed(pictures.toString('latin1')), 'latin1');
    known.set(pictures, found);
    return found;
  };
  /**
   * The header that signs a mail, which is not changed any more.
   * @param head its other headers, without the empty line after them
   * @param words the beginning of its body, a whole number of lines
   * @param pictures the rest, the same for many
   * @throws where it cannot be signed: unsigned it would be refused, or filed as spam
   */
  return (head: string, words: string, pictures: Buffer): string => {
    const hash = createHash('sha256').update(relaxed(words), 'latin1').update(canonical(pictures)).digest('base64');
    const headers = head
      .split(/\r\n(?![ \t])/)
      .map((line) => ({ key: line.slice(0, line.indexOf(':')).toLowerCase(), line }));
    const field = sign(headers, 'sha256', hash, { domainName: domain, keySelector: selector, privateKey });
    if (field === false) throw new Error('the key of DKIM_KEY_FILE does not sign');
    return field;
  };
}

/**
 * Lines of a body in the form that is signed (RFC 6376, section 3.4.4). Those of a mail end with CR and LF, and the last one is
 * not empty: it is the end of its parts.
 */
function relaxed(body: string): string {
  return body.replace(/[ \t]+(?=\r\n)/g, '').replace(/[ \t]+/g, ' ');
}
