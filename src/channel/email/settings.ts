import { SettingsError } from '../settings-error.ts';
import { isOpenTo, type Variables } from '../variables.ts';
import { readAddresses, sameAddress } from './addresses.ts';

export interface EmailSettings {
  /** nodemailer connection URL. */
  readonly smtpUrl: string;
  readonly from: string;
  readonly to: readonly string[];
}

/**
 * nodemailer lets the address overrule its caller. Others than these would take the requirement of STARTTLS away, print the
 * login to the console, or send nothing at all and say that it was sent.
 */
const SMTP_OPTIONS: readonly (readonly [name: string, values: RegExp])[] = [
  ['ignoreTLS', /./],
  ['requireTLS', /^true$/],
  ['secure', /^(true|false)$/],
  ['name', /./],
  ['authMethod', /./],
  ['localAddress', /./],
  ['connectionTimeout', /^[1-9]\d*$/],
  ['greetingTimeout', /^[1-9]\d*$/],
  ['socketTimeout', /^[1-9]\d*$/],
  ['tls.*', /./],
];
/** So much of a list of addresses is shown where it cannot be used. */
const LONGEST_SHOWN = 500;

/** Reads server, sender and recipients; undefined where none of them is set. @throws {SettingsError} */
export function readEmail(env: Variables): EmailSettings | undefined {
  const names = ['SMTP_URL', 'EMAIL_FROM', 'EMAIL_TO'] as const;
  const unset = names.filter((name) => env[name] === undefined);
  if (unset.length === names.length) return undefined;
  const { SMTP_URL, EMAIL_FROM, EMAIL_TO } = env;
  if (SMTP_URL === undefined || EMAIL_FROM === undefined || EMAIL_TO === undefined) {
    throw new SettingsError(`${unset.join(' and ')} not set; email needs SMTP_URL, EMAIL_FROM and EMAIL_TO`);
  }
  checkServer(SMTP_URL);
  if (addresses('EMAIL_FROM', EMAIL_FROM).length !== 1) {
    throw new SettingsError(
      `EMAIL_FROM is '${EMAIL_FROM}'; allowed: one address, for example 'Bell <bell@example.com>'`,
    );
  }
  // Of one mailbox in two spellings the first.
  const to = [...Map.groupBy(addresses('EMAIL_TO', EMAIL_TO), sameAddress).values()].flatMap(([first]) => first ?? []);
  return { smtpUrl: SMTP_URL, from: EMAIL_FROM, to };
}

/** What turns the check of certificates off is for a test or a private network, and easily forgotten there. */
export function trustRemarks(env: Variables): readonly string[] {
  return URL.parse(env.SMTP_URL ?? '')?.searchParams.get('tls.rejectUnauthorized') === 'false'
    ? ['SMTP_URL turns off the check of the certificate: anybody on the way can read the password.']
    : [];
}

/** The variables that lead to another machine in the open. */
export function unencryptedServer(env: Variables): readonly string[] {
  const url = URL.parse(env.SMTP_URL ?? '');
  return url?.searchParams.get('ignoreTLS') === 'true' && isOpenTo(url, 'smtp:') ? ['SMTP_URL'] : [];
}

function checkServer(smtpUrl: string): void {
  const url = URL.parse(smtpUrl);
  // An @ so far behind: a question mark in the password that is not percent-encoded.
  if (url === null || !/^smtps?:$/.test(url.protocol) || url.hostname === '' || url.search.includes('@')) {
    throw new SettingsError(
      'SMTP_URL is not a connection address; allowed: smtp://user:password@host:587 (STARTTLS) or ' +
        'smtps://user:password@host:465, with special characters in user and password percent-encoded',
    );
  }
  for (const [option, value] of url.searchParams) {
    const allowed = SMTP_OPTIONS.find(([name]) => name === option || (name === 'tls.*' && option.startsWith('tls.')));
    // Without the option or its value: what follows a question mark may be the end of a password.
    if (allowed === undefined || !allowed[1].test(value)) {
      throw new SettingsError(
        `SMTP_URL has an option that is not allowed, or not with this value; allowed: ${SMTP_OPTIONS.map(([name]) => name).join(', ')} ` +
          '(STARTTLS is required unless it says ignoreTLS=true; times are milliseconds)',
      );
    }
  }
}

function addresses(variable: string, text: string): readonly string[] {
  const { found, unclear } = readAddresses(text);
  if (found.length > 0 && unclear.length === 0) return found;
  const shown = (parts: readonly string[]) => parts.map((part) => `'${part.slice(0, LONGEST_SHOWN)}'`).join(', ');
  throw new SettingsError(
    `${variable} is ${shown([text])}; allowed: addresses such as 'ann@example.com' or 'Ann <ann@example.com>', separated ` +
      `by commas. Read from it: ${shown(found) || 'none'}. Not clear: ${shown(unclear) || 'the rest'}`,
  );
}
