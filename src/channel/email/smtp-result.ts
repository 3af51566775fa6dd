import type { AttemptResult } from '../channel.ts';
import { REFUSED_FOR_NOW } from './reasons.ts';
import { type SmtpError, wordsOf } from './smtp-words.ts';

type Refused = Extract<AttemptResult, { readonly state: 'refused' }>;

/** Where and as whom the server was used, as the words about a failure need it. */
export interface Used {
  readonly url: string;
  readonly login?: 'none set' | 'none offered' | 'accepted';
}

/**
 * What a failure means: before the server said to go ahead with the message (354), and after a reply that refuses it, it
 * surely was not taken; what breaks in between is not known.
 */
export function resultOf(thrown: unknown, mayHaveBeenTaken: boolean, used: Used): AttemptResult {
  const error = thrown as SmtpError;
  const { code, responseCode } = error;
  if (responseCode !== undefined && responseCode >= 400 && responseCode < 600) return refusalOf(error, used);
  if (mayHaveBeenTaken) {
    return { state: 'unknown', reason: `the connection broke after the message was handed over (${wordsOf(error)})` };
  }
  if (code === 'NO_PASSWORDS') return forGood(noPasswords(`it offers ${error.message} only`));
  if (code === 'ASCII_ONLY') {
    return forGood(`the mail server takes only ASCII addresses (no SMTPUTF8), and this is ${error.message}`);
  }
  if (code === 'EAUTH') {
    return forGood(`the login in SMTP_URL cannot be used: ${error.message}; it takes smtp://user:password@host`);
  }
  if (code === 'EPROTOCOL' && error.response !== undefined) {
    return later(`${placeOf(used)} is not a mail server; it says: ${wordsOf(error)}`);
  }
  // The library's own checks of a message: nothing was sent, and nothing would change.
  if (code === 'EENVELOPE' || code === 'EMESSAGE') return forGood(`the message cannot be sent: ${error.message}`);
  return unreachable(error, used);
}

/**
 * How servers say for now that too much comes from us. Amazon SES: `454 Throttling failure: Maximum sending rate exceeded.`
 * after the message; Postfix: `450 4.7.1 Error: too much mail from 192.0.2.1` (smtpd.c); Exchange Online: `451 4.7.500 Server
 * busy. Please try again later`.
 */
const THROTTLED =
  /throttl|slow down|server busy|too (much mail|many (messages|mails|emails|connections)|fast)|(sending|message|mail) (rate|limit|quota)\b.*exceed/i;

/**
 * How servers say for good, though a later day is meant, that the sender's quota is used up; often once they have read the message.
 * Gmail: `550 5.4.5 Daily user sending limit exceeded.` (gen_smtp#140, PHPMailer#2113); cPanel: `Domain example.com has exceeded
 * the max emails per hour (500/500 (100%)) allowed. Message discarded.` (forums.cpanel.net, "Email quota"); Exchange Online:
 * `554 5.2.0 … SubmissionQuotaExceededException`, `has exceeded its 24-hour sending limit` (nodemailer#1137).
 */
const OVER_QUOTA =
  /\b5\.4\.5\b|(sending|submission) ?(limit|quota)|(emails|messages|defers and failures) per (hour|day)/i;

/** 421 ends the connection, and 432 is Exchange Online's for too many at once. */
export const NO_MORE_NOW: readonly number[] = [421, 432];

/** A reply of the server that refuses something. */
function refusalOf(error: SmtpError, used: Used): Refused {
  const { code, command = '', responseCode = 0 } = error;
  const words = wordsOf(error);
  const passing = responseCode < 500 || OVER_QUOTA.test(words);
  if (code === 'ETLS') {
    return passing
      ? busy(`the mail server cannot start TLS now: ${words}`)
      : forGood(
          'the mail server offers no STARTTLS; use smtps://, or ?ignoreTLS=true in SMTP_URL on a network you trust',
        );
  }
  if (code === 'EAUTH') {
    return passing ? busy(`the mail server cannot check the login now: ${words}`) : forGood(loginWords(words));
  }
  // A limit of the sender's is not about the message, whenever it is told: leaving the pictures out would not help.
  const tooFast = THROTTLED.test(words) || OVER_QUOTA.test(words);
  // What comes before the recipient is named (greeting, EHLO, sender) is not about the message either.
  const aboutServer = tooFast || NO_MORE_NOW.includes(responseCode) || !/^(RCPT|DATA)/.test(command);
  // What is refused once it was handed over is refused for what it holds, and may pass without the pictures.
  const perhapsPictures = command === 'DATA' && { perhapsPictures: true };
  if (passing) {
    const reason = `${REFUSED_FOR_NOW}: ${words}`;
    return aboutServer ? busy(reason) : { ...later(reason), ...perhapsPictures };
  }
  if (/\bSTARTTLS\b/i.test(words)) {
    return forGood(`the mail server requires TLS: ${words}; remove ignoreTLS=true from SMTP_URL`);
  }
  if (responseCode === 530 || /5\.7\.57|not authenticated|authentication required/i.test(words)) {
    return forGood(
      used.login === 'none offered'
        ? `the mail server requires a login but offers none at ${placeOf(used)}: ${words}; try its port 587 or 465`
        : `the mail server requires a login: ${words}; SMTP_URL takes smtp://user:password@host`,
    );
  }
  const what = { 'MAIL FROM': 'the sender', 'RCPT TO': 'the recipient', DATA: 'the message' }[command] ?? 'it';
  // Exchange Online says so only when it has read the message: 550 5.7.60, 554 5.2.252 SendAsDenied.
  const cure =
    command === 'MAIL FROM' || /send ?as\b|sendasdenied/i.test(words)
      ? '; EMAIL_FROM must be an address that this login may send from'
      : '';
  return { ...forGood(`the mail server refused ${what}: ${words}${cure}`), ...(cure === '' && perhapsPictures) };
}

/** A login that was refused: the service's own words decide what helps. */
function loginWords(words: string): string {
  const refused = `the mail server refused the login (${words})`;
  if (/smtpclientauthentication is disabled/i.test(words)) {
    return `${refused}; SMTP logins are switched off for this mailbox: an administrator can allow Authenticated SMTP, or use another mail server in SMTP_URL`;
  }
  if (/basic auth\w* (is )?(disabled|not supported)|5\.7\.30\b/i.test(words)) return noPasswords(words);
  // 504: no method that nodemailer knows, whatever was offered.
  if (/^504\b|unrecognized authentication type/i.test(words)) return noPasswords(words);
  if (/5\.7\.9\b|application-specific password|app(lication)? password/i.test(words)) {
    return `${refused}; it requires an app password: create one in the settings of the mail account and put it into SMTP_URL`;
  }
  if (/web browser/i.test(words)) {
    return `${refused}; sign in to the account once in a browser, or create an app password for SMTP_URL`;
  }
  return `${refused}; check user and password in SMTP_URL (many providers require an app password there)`;
}

function noPasswords(words: string): string {
  return `the mail server no longer accepts passwords (${words}), and Breakout Bell has no other login; use another mail server in SMTP_URL`;
}

function unreachable(error: SmtpError, used: Used): Refused {
  const { code, originalCode } = error;
  const words = wordsOf(error);
  if (/SSL routines|wrong version number/.test(words)) {
    return forGood(
      'the mail server does not speak TLS at this port; smtps:// is for port 465, smtp:// for 587, in SMTP_URL',
    );
  }
  if (originalCode !== undefined && /CERT|SIGNATURE|ISSUER/.test(originalCode)) {
    return later(`the mail server's certificate is not trusted: ${words}; ${trustCure(originalCode)}`);
  }
  if (/^(Greeting never received|Timeout)$/.test(words)) {
    const { port, protocol } = new URL(used.url);
    const cure = port === '465' && protocol === 'smtp:' ? '; port 465 needs smtps:// in SMTP_URL' : '';
    return busy(`the mail server cannot be reached: ${placeOf(used)} does not answer in time${cure}`);
  }
  if (code === 'EDNS') return busy(`the mail server cannot be reached: its name has no address: ${words}`);
  if (code === 'ESOCKET' || code === 'ETIMEDOUT') return busy(`the mail server cannot be reached: ${words}`);
  return busy(`the connection to the mail server broke: ${words}`);
}

/** What helps where a certificate is not trusted, by the code of OpenSSL or Node. */
function trustCure(code: string): string {
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') return 'SMTP_URL must name the host as its certificate does';
  if (code === 'CERT_HAS_EXPIRED') return 'the operator of the server must renew it';
  if (code === 'CERT_NOT_YET_VALID') return 'check the clock of this machine';
  return (
    'the authorities of Node and of this machine are trusted: add the one that signed it to them, or set ' +
    'SMTP_CA_FILE=/path/to/ca.pem'
  );
}

const forGood = (reason: string): Refused => ({ state: 'refused', permanent: true, reason });
const later = (reason: string): Refused => ({ state: 'refused', permanent: false, reason });
const busy = (reason: string): Refused => ({ state: 'refused', permanent: false, busy: true, reason });

function placeOf({ url }: Used): string {
  return new URL(url).host;
}
