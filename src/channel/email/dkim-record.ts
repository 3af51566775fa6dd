import { createPrivateKey, createPublicKey } from 'node:crypto';
import type { CheckResult } from '../kind.ts';
import type { DkimSettings } from './dkim-settings.ts';

/** As node:dns answers. @throws with a `code` */
export type ResolveTxt = (name: string) => Promise<string[][]>;

/** The DNS record with which servers verify a signature. */
export function dkimRecord({ domain, selector, key }: DkimSettings): { readonly name: string; readonly value: string } {
  const der = createPublicKey(createPrivateKey(key)).export({ type: 'spki', format: 'der' });
  return { name: `${selector}._domainkey.${domain}`, value: `v=DKIM1; k=rsa; p=${der.toString('base64')}` };
}

/** Looks whether the record is published, with the resolver of this machine; where it is not known to be, it is to be copied. */
export async function checkDkimRecord(dkim: DkimSettings, resolveTxt: ResolveTxt): Promise<CheckResult> {
  const { name, value } = dkimRecord(dkim);
  const copy = `${name} TXT "${value}"`;
  const useless = (what: string) => ({
    ok: false,
    text: `${name} ${what}, so no signature can be verified; publish this DNS record:`,
    copy,
  });
  let records: string[];
  try {
    records = (await resolveTxt(name)).map((parts) => parts.join(''));
  } catch (error) {
    const { code = 'no reason given' } = error as NodeJS.ErrnoException;
    if (code === 'ENOTFOUND' || code === 'ENODATA') return useless('is not in the DNS');
    return { ok: true, text: `the DNS could not be asked (${code}); signatures need this record there:`, copy };
  }
  const keys = records.flatMap((record) => publicKeyIn(record) ?? []);
  if (keys.includes(publicKeyIn(value) ?? ''))
    return { ok: true, text: `${name} has the key that mails are signed with` };
  return useless(keys.length === 0 ? 'has no key' : 'has another key');
}

/** What `p=` says in a record, without its blanks; undefined: it says nothing. */
function publicKeyIn(record: string): string | undefined {
  return /(?:^|;)\s*p\s*=([^;]*)/.exec(record)?.[1]?.replace(/\s+/g, '');
}
