import { resolve } from 'node:path';
import { readAll, SettingsError } from '../settings-error.ts';
import { hasSoundCertificates, readPem } from '../settings-text.ts';
import { isOpenTo, type Variables } from '../variables.ts';
import { type DkimSettings, dkimRemarks, readDkim } from './dkim-settings.ts';
import { readRecipients, requireAddresses } from './recipients.ts';
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
  /** Who signs mails; absent: nobody here, and as a rule the mail server. */
  readonly dkim?: DkimSettings;
}

/**
 * Reads server, sender and recipients; undefined where none of them is set.
 * @param root the folder that a relative path begins at
 * @throws {SettingsError}
 */
export function readEmail(env: Variables, root = '.'): EmailSettings | undefined {
  const { SMTP_URL, EMAIL_FROM, EMAIL_TO, EMAIL_TO_FILE } = env;
  const given = { SMTP_URL, EMAIL_FROM, EMAIL_TO: EMAIL_TO ?? EMAIL_TO_FILE };
  const unset = Object.entries(given).flatMap(([name, value]) => (value === undefined ? [name] : []));
  if (unset.length === Object.keys(given).length) return undefined;
  if (SMTP_URL === undefined || EMAIL_FROM === undefined || given.EMAIL_TO === undefined) {
    throw new SettingsError(
      `${unset.join(' and ')} ${unset.length === 1 ? 'is' : 'are'} not set; email needs SMTP_URL, EMAIL_FROM and EMAIL_TO`,
    );
  }
  const { from, to, authority, unsubscribe, dkim } = readAll({
    server: () => checkServer(SMTP_URL),
    from: () => sender(EMAIL_FROM),
    to: () => readRecipients(env, root),
    authority: () => readAuthority(env, root),
    unsubscribe: () => readUnsubscribe(env),
    dkim: () => readDkim(env, root),
  });
  return { smtpUrl: SMTP_URL, from, to, ...authority, ...unsubscribe, ...dkim };
}

function sender(text: string): string {
  if (requireAddresses('EMAIL_FROM', text).length === 1) return text;
  throw new SettingsError(`EMAIL_FROM is '${text}'; allowed: one address, for example 'Bell <bell@example.com>'`);
}

/** What works, or may work, and is easily forgotten or mistaken. @param root as above */
export function serverRemarks(env: Variables, root = '.'): readonly string[] {
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
    ...dkimRemarks(env, root),
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
