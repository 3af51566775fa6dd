import type { Answers, Asks } from '../asks.ts';
import { isOpenTo } from '../variables.ts';

/** A mail server is asked for in parts: nobody writes a password percent-encoded by hand. */
export const EMAIL_ASKS: Asks = {
  title: 'Email',
  name: 'email',
  hint: 'sent over your mail server',
  guide: [
    "Use your provider's SMTP server. Gmail and many others need an app password, made in your account's settings.",
    'Outlook.com no longer accepts passwords, and Microsoft 365 is ending them: use another server to send.',
    'For a server on this machine, use localhost and its port, often 25.',
  ],
  questions: [
    { name: 'host', variable: 'SMTP_URL', text: 'Mail server (SMTP), for example smtp.gmail.com' },
    { name: 'port', variable: 'SMTP_URL', text: 'Port: 587 for STARTTLS, 465 for TLS', offer: () => '587' },
    { name: 'user', variable: 'SMTP_URL', text: 'User name, often the whole address (empty: no login)' },
    {
      name: 'password',
      variable: 'SMTP_URL',
      text: 'Password, often an app password',
      secret: true,
      isAsked: ({ user = '' }) => user !== '',
    },
    {
      name: 'EMAIL_FROM',
      text: 'From: an address that this login may send from',
      offer: ({ user = '' }) => (user.includes('@') ? `Breakout Bell <${user}>` : ''),
    },
    {
      name: 'EMAIL_TO',
      text: 'To: addresses, separated by commas',
      offer: ({ user = '' }) => (user.includes('@') ? user : ''),
    },
  ],
  split: ({ SMTP_URL = '', ...others }) => ({ ...others, ...partsOf(SMTP_URL) }),
  join: ({ host = '', port = '', user = '', password = '', ...others }, { SMTP_URL = '' }) => ({
    ...others,
    // A login without a user is none.
    SMTP_URL: addressOf({ host, port, user, password: user === '' ? '' : password }, SMTP_URL),
  }),
};

interface Parts {
  readonly host: string;
  readonly port: string;
  readonly user: string;
  readonly password: string;
}

/** Without those that the address does not have; none of one that cannot be used. */
function partsOf(address: string): Answers {
  const url = URL.parse(address);
  if (url === null || !/^smtps?:$/.test(url.protocol)) return {};
  try {
    const parts: Parts = {
      host: url.hostname,
      port: url.port || standardPort(url.protocol),
      user: decodeURIComponent(url.username),
      password: decodeURIComponent(url.password),
    };
    return Object.fromEntries(Object.entries(parts).filter(([, part]) => part !== ''));
  } catch {
    return {};
  }
}

/** @param before where it names the same server, what else it says of it stays */
function addressOf(parts: Parts, before: string): string {
  const { host, port, user, password } = parts;
  const known = partsOf(before);
  if (Object.entries(parts).every(([name, part]) => (known[name] ?? '') === part)) return before;
  const url = known.host === host ? URL.parse(before) : null;
  // TLS from the start is at home at one port; at another one it is what it was.
  const scheme = port === '465' || (port === known.port && url?.protocol === 'smtps:') ? 'smtps' : 'smtp';
  const place = /^[^[].*:/.test(host) ? `[${host}]` : host;
  const login = user === '' ? '' : `${encoded(user)}:${encoded(password)}@`;
  return `${scheme}://${login}${place}:${port}${url === null ? optionsFor(place, scheme) : url.search}`;
}

/** A server on this machine has no certificate as a rule, and nobody is on the way to it. */
function optionsFor(place: string, scheme: string): string {
  return scheme === 'smtp' && !isOpenTo(URL.parse(`smtp://${place}`), 'smtp:') ? '?ignoreTLS=true' : '';
}

function standardPort(protocol: string): string {
  return protocol === 'smtps:' ? '465' : '587';
}

/** Also what encodeURIComponent leaves, and `.env` has quotes for. */
function encoded(text: string): string {
  return encodeURIComponent(text).replaceAll("'", '%27');
}
