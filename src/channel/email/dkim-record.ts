import { createPrivateKey, createPublicKey } from 'node:crypto';
import { ChannelError } from '../channel.ts';
import type { DkimSettings } from './dkim-settings.ts';

/** As node:dns answers. @throws with a `code` */
export type ResolveTxt = (name: string) => Promise<string[][]>;

/** The DNS record with which servers verify a signature. */
export function dkimRecord({ domain, selector, key }: DkimSettings): { readonly name: string; readonly value: string } {
  const der = createPublicKey(createPrivateKey(key)).export({ type: 'spki', format: 'der' });
  return { name: `${selector}._domainkey.${domain}`, value: `v=DKIM1; k=rsa; p=${der.toString('base64')}` };
}

/**
 * Looks whether the record is published, with the resolver of this machine.
 * @returns one line; where it could not look, what to publish
 * @throws {ChannelError} saying what to publish
 */
export async function checkDkimRecord(dkim: DkimSettings, resolveTxt: ResolveTxt): Promise<string> {
  const { name, value } = dkimRecord(dkim);
  const publish = `publish this DNS record: ${name} TXT "${value}"`;
  let records: string[];
  try {
    records = (await resolveTxt(name)).map((parts) => parts.join(''));
  } catch (error) {
    const { code = 'no reason given' } = error as NodeJS.ErrnoException;
    if (code === 'ENOTFOUND' || code === 'ENODATA') {
      throw new ChannelError(`${name} is not in the DNS, so no signature can be verified; ${publish}`);
    }
    return `mails are signed, but the DNS could not be asked (${code}); unless it is there, ${publish}`;
  }
  const keys = records.flatMap((record) => publicKeyIn(record) ?? []);
  if (keys.includes(publicKeyIn(value) ?? '')) return `${name} has the key that mails are signed with`;
  throw new ChannelError(
    `${name} has ${keys.length === 0 ? 'no key' : 'another key'}, so no signature can be verified; ${publish}`,
  );
}

/** What `p=` says in a record, without its blanks; undefined: it says nothing. */
function publicKeyIn(record: string): string | undefined {
  return /(?:^|;)\s*p\s*=([^;]*)/.exec(record)?.[1]?.replace(/\s+/g, '');
}
