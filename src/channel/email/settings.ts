import { resolve } from 'node:path';
import { readAll, SettingsError } from '../settings-error.ts';
import { hasSoundCertificates, readPem } from '../settings-text.ts';
import { isOpenTo, type Variables } from '../variables.ts';
import { readAddresses, sameAddress } from './addresses.ts';
import { checkServer } from './server-address.ts';
import { readUnsubscribe } from './unsubscribe.ts';

export interface EmailSettings {
  /** nodemailer connection URL. */
  readonly smtpUrl: string;
  readonly from: string;
  readonly to: readonly string[];
  /** Authorities of one's own that may sign the server's certificate, in PEM form; absent: none. */
  readonly ca?: string;
  /** Where readers unsubscribe, `mailto:` or `https:`; absent: with the sender. */
  readonly unsubscribe?: string;
}

/** So much of a list of addresses is shown where it cannot be used. */
const LONGEST_SHOWN = 500;

/**
 * Reads server, sender and recipients; undefined where none of them is set.
 * @param root the folder that a relative path begins at
 * @throws {SettingsError}
 */
export function readEmail(env: Variables, root = '.'): EmailSettings | undefined {
  const names = ['SMTP_URL', 'EMAIL_FROM', 'EMAIL_TO'] as const;
  const unset = names.filter((name) => env[name] === undefined);
  if (unset.length === names.length) return undefined;
  const { SMTP_URL, EMAIL_FROM, EMAIL_TO } = env;
  if (SMTP_URL === undefined || EMAIL_FROM === undefined || EMAIL_TO === undefined) {
    throw new SettingsError(
      `${unset.join(' and ')} ${unset.length === 1 ? 'is' : 'are'} not set; email needs SMTP_URL, EMAIL_FROM and EMAIL_TO`,
    );
  }
  const { from, to, authority, unsubscribe } = readAll({
    server: () => checkServer(SMTP_URL),
    from: () => sender(EMAIL_FROM),
    to: () => recipients(EMAIL_TO),
    authority: () => readAuthority(env, root),
    unsubscribe: () => readUnsubscribe(env),
  });
  return { smtpUrl: SMTP_URL, from, to, ...authority, ...unsubscribe };
}

function sender(text: string): string {
  if (addresses('EMAIL_FROM', text).length === 1) return text;
  throw new SettingsError(`EMAIL_FROM is '${text}'; allowed: one address, for example 'Bell <bell@example.com>'`);
}

/** Of one mailbox in two spellings the first. */
function recipients(text: string): string[] {
  return [...Map.groupBy(addresses('EMAIL_TO', text), sameAddress).values()].flatMap(([first]) => first ?? []);
}

/** What works, or may work, and is easily forgotten or mistaken. */
export function serverRemarks(env: Variables): readonly string[] {
  const url = URL.parse(env.SMTP_URL ?? '');
  const option = (name: string) => url?.searchParams.get(name);
  return [
    // What turns the check of certificates off is for a test or a private network.
    ...(option('tls.rejectUnauthorized') === 'false'
      ? ['SMTP_URL turns off certificate verification: anyone on the network path can read the password.']
      : []),
    ...(url?.protocol === 'smtp:' && url.port === '465' && option('secure') !== 'true'
      ? ['SMTP_URL has smtp:// with port 465, which expects TLS from the start: use smtps://, or port 587.']
      : []),
    ...(env.SMTP_CA_FILE !== undefined && url === null ? ['SMTP_CA_FILE has no effect: SMTP_URL is not set.'] : []),
    ...(env.LIST_UNSUBSCRIBE !== undefined && url === null
      ? ['LIST_UNSUBSCRIBE has no effect: SMTP_URL is not set.']
      : []),
  ];
}

/** The variables that lead to another machine in the open. */
export function unencryptedServer(env: Variables): readonly string[] {
  const url = URL.parse(env.SMTP_URL ?? '');
  return url?.searchParams.get('ignoreTLS') === 'true' && isOpenTo(url, 'smtp:') ? ['SMTP_URL'] : [];
}

function readAuthority({ SMTP_CA_FILE }: Variables, root: string): { readonly ca?: string } {
  if (SMTP_CA_FILE === undefined) return {};
  const path = resolve(root, SMTP_CA_FILE);
  const ca = readPem(`SMTP_CA_FILE: ${path}`, path, 'certificate');
  if (hasSoundCertificates(ca)) return { ca };
  throw new SettingsError(`SMTP_CA_FILE: ${path} contains a certificate that cannot be read; copy the file again`);
}

function addresses(variable: string, text: string): readonly string[] {
  const { found, unclear } = readAddresses(text);
  if (found.length > 0 && unclear.length === 0) return found;
  const shown = (parts: readonly string[]) => parts.map((part) => `'${part.slice(0, LONGEST_SHOWN)}'`).join(', ');
  throw new SettingsError(
    `${variable} is ${shown([text])}; allowed: addresses such as 'ann@example.com' or 'Ann <ann@example.com>', separated ` +
      `by commas, semicolons or line breaks. Understood: ${shown(found) || 'none'}. Not understood: ${shown(unclear) || 'the rest'}`,
  );
}
