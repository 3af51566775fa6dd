import { decodePart, ENCODING, readPort, resolvableHost, splitAddress, splitPlace } from '../login-address.ts';
import { SettingsError } from '../settings-error.ts';

/**
 * nodemailer lets the address overrule its caller. Others than these would take the requirement of STARTTLS away, print the
 * login to the console, or send nothing at all and say that it was sent.
 */
const OPTIONS: readonly (readonly [name: string, values: RegExp])[] = [
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

const FORM =
  'allowed: smtp://user:password@host:587 (STARTTLS) or smtps://user:password@host:465, with special characters in user and ' +
  `password percent-encoded (${ENCODING})`;

/** No part of the value is in it: any may be one of the password. */
function fault(what: string, cure = FORM): SettingsError {
  return new SettingsError(`SMTP_URL ${what}; ${cure}`);
}

/** Looks at each part of the address of the mail server. @throws {SettingsError} naming the part that is wrong */
export function checkServer(smtpUrl: string): void {
  if (!/^smtps?:\/\//i.test(smtpUrl)) {
    throw fault('is not a connection address: it must begin with smtp:// or smtps://');
  }
  const { user = '', password = '', place = '', path = '' } = parts(smtpUrl);
  decodePart('user', user, fault);
  decodePart('password', password, fault);
  if (user === '' && password !== '') throw fault('has a password but no user');
  const { name, digits } = splitPlace(place, fault);
  if (name === '') throw fault('names no host');
  if (resolvableHost(name) === undefined) {
    throw fault(
      'names a host that is neither a name nor an address',
      'allowed: mail.example.com, 192.0.2.1 or [2001:db8::1]',
    );
  }
  readPort(digits, /^smtps/i.test(smtpUrl) ? 465 : 587, fault);
  if (path !== '') throw fault('has a path after its host', 'remove it');
  if (URL.parse(smtpUrl) === null) throw fault('is not a connection address');
  checkOptions(new URL(smtpUrl).searchParams);
}

function parts(smtpUrl: string) {
  const found = splitAddress(smtpUrl, 'smtps?');
  if (found !== undefined && !`${found.user}${found.password}`.includes('@')) return found;
  throw smtpUrl.includes('@')
    ? fault('has a character in user or password that must be percent-encoded')
    : fault('has a path, a # or a ? after its host that does not belong there');
}

function checkOptions(options: URLSearchParams): void {
  for (const [option, value] of options) {
    const allowed = OPTIONS.find(([name]) => name === option || (name === 'tls.*' && option.startsWith('tls.')));
    // Without the option or its value: what follows a question mark may be the end of a password.
    if (allowed === undefined || !allowed[1].test(value)) {
      throw new SettingsError(
        `SMTP_URL has an option, or a value of one, that is not allowed; allowed: ${OPTIONS.map(([name]) => name).join(', ')} ` +
          '(STARTTLS is required unless it says ignoreTLS=true; times are milliseconds)',
      );
    }
  }
}
