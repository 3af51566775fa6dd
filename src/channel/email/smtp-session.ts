import { once } from 'node:events';
import { Readable } from 'node:stream';
import type { MayWrite } from '../channel.ts';
import { followTalk, loginMethods, type SmtpTalk } from './smtp-talk.ts';

/** In milliseconds. */
export interface SmtpTimeouts {
  readonly connectionTimeout: number;
  readonly greetingTimeout: number;
  /** For one reply. */
  readonly socketTimeout: number;
}

export interface Envelope {
  readonly from: string;
  readonly to: string;
}

/** What became of the login in SMTP_URL: there is none, the server offers none, or it was accepted. */
export type Login = 'none set' | 'none offered' | 'accepted';

/** A connection to a mail server that is logged in, for one message after another. */
export interface SmtpSession {
  readonly login: Login;
  readonly talk: SmtpTalk;
  /** How many messages the server has taken on it. */
  readonly taken: number;
  /** True once it cannot be used any more. */
  readonly ended: boolean;
  /**
   * Sends one message.
   * @param mayWrite asked once the server has said to go ahead with it, and again before its end; where it throws, the
   *   connection ends without it
   * @throws nodemailer's error
   */
  send(envelope: Envelope, message: Buffer, mayWrite?: MayWrite): Promise<void>;
  /** Names sender and recipient, and takes them back. @returns the reply that refuses one of them @throws as `send` */
  ask(envelope: Envelope): Promise<Refusal | undefined>;
  /** Makes it fit for the next message after a refusal; it has ended where that fails. Never throws. */
  reset(): Promise<void>;
  /** Says goodbye and waits a moment until the server has hung up too: it counts the connection until then. Never throws. */
  quit(): Promise<void>;
}

export interface Refusal {
  readonly command: 'MAIL FROM' | 'RCPT TO';
  readonly response: string;
  readonly responseCode: number;
}

/** The server was reached, and cannot be used as SMTP_URL is. `code` is ours, beside nodemailer's. */
class SmtpSessionError extends Error {
  override name = 'SmtpSessionError';
  readonly code: 'NO_PASSWORDS' | 'ASCII_ONLY';

  constructor(code: 'NO_PASSWORDS' | 'ASCII_ONLY', message: string) {
    super(message);
    this.code = code;
  }
}

/** The methods by which nodemailer logs in with a password. */
const WITH_PASSWORD = ['PLAIN', 'LOGIN', 'CRAM-MD5'];
/** A login method of our own: none, but nodemailer lets it send commands. It knows no RCPT without DATA otherwise. */
const ASKING = 'X-ASKING';
const GOODBYE_MS = 1000;

/** Connects and logs in. @throws nodemailer's error, or SmtpSessionError with a code of ours */
export async function openSession(url: string, timeouts: SmtpTimeouts): Promise<SmtpSession> {
  const [{ default: SMTPConnection }, { default: SMTPTransport }] = await Promise.all([
    import('nodemailer/lib/smtp-connection'),
    import('nodemailer/lib/smtp-transport'),
  ]);
  const plain = new URL(url).searchParams.get('ignoreTLS') === 'true';
  // Only the transport reads an address; what it sends with is this connection.
  const transport = new SMTPTransport({ url, ...timeouts, requireTLS: !plain });
  const talk = followTalk();
  let envelope: Envelope = { from: '', to: '' };
  let refusal: Refusal | undefined;
  const connection = new SMTPConnection({
    ...transport.options,
    logger: talk.logger,
    transactionLog: true,
    customAuth: {
      [ASKING]: async ({ sendCommand }) => {
        refusal = undefined;
        for (const [command, address] of [
          ['MAIL FROM', envelope.from],
          ['RCPT TO', envelope.to],
        ] as const) {
          const { response } = await sendCommand(`${command}:<${address}>`);
          if (response.startsWith('2')) continue;
          refusal = { command, response, responseCode: Number.parseInt(response, 10) };
          break;
        }
        // After 421 the server has hung up.
        if (refusal?.responseCode !== 421) await sendCommand('RSET');
      },
    },
  });
  // An error may come at any time; without somebody to hear it, it would end the process.
  let fail: (error: Error) => void = () => {};
  connection.on('error', (error: Error) => fail(error));
  connection.on('end', () => {
    // What it ended for may come a little after it.
    const reject = fail;
    setImmediate(() => reject(new Error('Connection closed unexpectedly')));
  });
  const step = <T>(act: (done: (error?: Error | null, value?: T) => void) => void) =>
    new Promise<T | undefined>((resolve, reject) => {
      fail = reject;
      act((error, value) => (error ? reject(error) : resolve(value)));
    });

  let login: Login = 'none set';
  try {
    await step<void>((done) => connection.connect(done));
    const auth = transport.getAuth({});
    if (auth) {
      login = connection.allowsAuth ? 'accepted' : 'none offered';
      const methods = loginMethods(talk);
      if (methods.length > 0 && !methods.some((method) => WITH_PASSWORD.includes(method))) {
        throw new SmtpSessionError('NO_PASSWORDS', methods.join(', '));
      }
      if (connection.allowsAuth) await step<boolean>((done) => connection.login(auth, done));
    }
  } catch (error) {
    connection.close();
    throw error;
  }

  let taken = 0;
  const checkAddresses = ({ from, to }: Envelope) => {
    if (/^[\x20-\x7e]*$/.test(from + to) || talk.offers.includes('SMTPUTF8')) return;
    throw new SmtpSessionError('ASCII_ONLY', `${from} to ${to}`);
  };
  return {
    login,
    talk,
    get taken() {
      return taken;
    },
    get ended() {
      return connection.destroyed;
    },
    send: async (given, message, mayWrite) => {
      talk.begin();
      checkAddresses(given);
      let forbidden = false;
      const allowed = async () => {
        try {
          await mayWrite?.();
        } catch (error) {
          forbidden = true;
          throw error;
        }
      };
      // Read once the server has said 354; the dot that ends it follows when the last part was written.
      const parts = async function* () {
        await allowed();
        yield message;
        await allowed();
      };
      const body = Readable.from(parts(), { objectMode: false, highWaterMark: 0 });
      try {
        await step((done) => connection.send({ from: given.from, to: [given.to] }, body, done));
      } catch (error) {
        // The server waits for the end of the message: a goodbye would be a line of it.
        if (forbidden) connection.close();
        throw error;
      }
      taken += 1;
    },
    ask: async (given) => {
      talk.begin();
      checkAddresses(given);
      envelope = given;
      await step<boolean>((done) => connection.login({ method: ASKING, user: '-', pass: '-' }, done));
      return refusal;
    },
    reset: async () => {
      if (connection.destroyed) return;
      await step<boolean>((done) => connection.reset(done)).catch(() => connection.close());
    },
    quit: async () => {
      if (connection.destroyed) return;
      fail = () => {};
      const gone = once(connection, 'end', { signal: AbortSignal.timeout(GOODBYE_MS) }).catch(() => {});
      connection.quit();
      await gone;
      connection.close();
    },
  };
}
