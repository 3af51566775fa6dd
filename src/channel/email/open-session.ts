import type SMTPTransport from 'nodemailer/lib/smtp-transport';
import { authorities } from './authorities.ts';
import { ASKING, type Asked, ask } from './smtp-asking.ts';
import { type Login, type SmtpParts, SmtpSession } from './smtp-session.ts';
import { SmtpSessionError } from './smtp-session-error.ts';
import { SmtpSteps } from './smtp-steps.ts';
import { followTalk, loginMethods } from './smtp-talk.ts';

/** In milliseconds. */
export interface SmtpTimeouts {
  readonly connectionTimeout: number;
  readonly greetingTimeout: number;
  /** For one reply. */
  readonly socketTimeout: number;
}

/** The methods by which nodemailer logs in with a password. */
const WITH_PASSWORD = ['PLAIN', 'LOGIN', 'CRAM-MD5'];

/**
 * Connects and logs in.
 * @param ca authorities of one's own, in PEM form
 * @throws nodemailer's error, or SmtpSessionError with a code of ours
 */
export async function openSession(url: string, timeouts: SmtpTimeouts, ca?: string): Promise<SmtpSession> {
  const [{ default: SMTPConnection }, { default: SMTPTransport }] = await Promise.all([
    import('nodemailer/lib/smtp-connection'),
    import('nodemailer/lib/smtp-transport'),
  ]);
  const options = new URL(url).searchParams;
  const plain = options.get('ignoreTLS') === 'true';
  const verified = !plain && options.get('tls.rejectUnauthorized') !== 'false';
  // Only the transport reads an address; what it sends with is this connection.
  const transport = new SMTPTransport({ url, ...timeouts, requireTLS: !plain });
  const talk = followTalk();
  const asked: Asked = { envelope: { from: '', to: '' }, refusal: undefined };
  const connection = new SMTPConnection({
    ...transport.options,
    ...(verified && { tls: { ca: await authorities(ca), ...transport.options.tls } }),
    logger: talk.logger,
    transactionLog: true,
    customAuth: { [ASKING]: (commands) => ask(asked, commands) },
  });
  const parts = { connection, steps: new SmtpSteps(connection), talk, asked };
  try {
    await parts.steps.take<void>((done) => connection.connect(done));
    // A mail ends in a few bytes of their own. By default they wait until the server has acknowledged what went before, and
    // servers take 40 ms for that: a mail every 40 ms was all that a connection carried.
    if (connection._socket) connection._socket.setNoDelay(true);
    return new SmtpSession(await logIn(parts, transport.getAuth({})), parts);
  } catch (error) {
    connection.close();
    throw error;
  }
}

/** @param auth user and password of SMTP_URL; false where there are none */
async function logIn(
  { connection, steps, talk }: SmtpParts,
  auth: ReturnType<SMTPTransport['getAuth']>,
): Promise<Login> {
  if (!auth) return 'none set';
  const methods = loginMethods(talk);
  if (methods.length > 0 && !methods.some((method) => WITH_PASSWORD.includes(method))) {
    throw new SmtpSessionError('NO_PASSWORDS', methods.join(', '));
  }
  if (!connection.allowsAuth) return 'none offered';
  await steps.take<boolean>((done) => connection.login(auth, done));
  return 'accepted';
}
