import { once } from 'node:events';
import type SMTPConnection from 'nodemailer/lib/smtp-connection';
import type { MayWrite } from '../channel.ts';
import { GuardedMail, type WrittenMail } from './guarded-mail.ts';
import { ASKING, type Asked, type Envelope, type Refusal } from './smtp-asking.ts';
import { SmtpSessionError } from './smtp-session-error.ts';
import type { SmtpSteps } from './smtp-steps.ts';
import type { SmtpTalk } from './smtp-talk.ts';

/** What became of the login in SMTP_URL: there is none, the server offers none, or it was accepted. */
export type Login = 'none set' | 'none offered' | 'accepted';

/** What a session stands on: a connection, followed, and what is asked on it. */
export interface SmtpParts {
  readonly connection: SMTPConnection;
  readonly steps: SmtpSteps;
  readonly talk: SmtpTalk;
  readonly asked: Asked;
}

const GOODBYE_MS = 1000;

/** A connection to a mail server that is logged in, for one message after another. */
export class SmtpSession {
  readonly login: Login;
  readonly talk: SmtpTalk;
  readonly #connection: SMTPConnection;
  readonly #steps: SmtpSteps;
  readonly #asked: Asked;
  #taken = 0;

  constructor(login: Login, { connection, steps, talk, asked }: SmtpParts) {
    this.login = login;
    this.talk = talk;
    this.#connection = connection;
    this.#steps = steps;
    this.#asked = asked;
  }

  /** How many messages the server has taken on it. */
  get taken(): number {
    return this.#taken;
  }

  /** True once it cannot be used any more. */
  get ended(): boolean {
    return this.#connection.destroyed;
  }

  /**
   * Sends one message.
   * @param mayWrite asked once the server has said to go ahead with it, and again before its end; where it throws, the
   *   connection ends without it
   * @throws nodemailer's error
   */
  async send({ from, to }: Envelope, mail: WrittenMail, mayWrite?: MayWrite): Promise<void> {
    this.#begin({ from, to });
    const guarded = new GuardedMail(mail, mayWrite);
    try {
      await this.#steps.take((done) => this.#connection.send({ from, to: [to] }, guarded, done));
    } catch (error) {
      // The server waits for the end of the message: a goodbye would be a line of it.
      if (guarded.forbidden) this.#connection.close();
      throw error;
    }
    this.#taken += 1;
  }

  /** Names sender and recipient, and takes them back. @returns the reply that refuses one of them @throws as `send` */
  async ask(envelope: Envelope): Promise<Refusal | undefined> {
    this.#begin(envelope);
    this.#asked.envelope = envelope;
    const method = { method: ASKING, user: '-', pass: '-' };
    await this.#steps.take<boolean>((done) => this.#connection.login(method, done));
    return this.#asked.refusal;
  }

  /** Makes it fit for the next message after a refusal; it has ended where that fails. Never throws. */
  async reset(): Promise<void> {
    if (this.ended) return;
    await this.#steps.take<boolean>((done) => this.#connection.reset(done)).catch(() => this.#connection.close());
  }

  /** Says goodbye and waits a moment until the server has hung up too: it counts the connection until then. Never throws. */
  async quit(): Promise<void> {
    if (this.ended) return;
    this.#steps.end();
    const gone = once(this.#connection, 'end', { signal: AbortSignal.timeout(GOODBYE_MS) }).catch(() => {});
    this.#connection.quit();
    await gone;
    this.#connection.close();
  }

  #begin({ from, to }: Envelope): void {
    this.talk.begin();
    if (/^[\x20-\x7e]*$/.test(from + to) || this.talk.offers.includes('SMTPUTF8')) return;
    throw new SmtpSessionError('ASCII_ONLY', `${from} to ${to}`);
  }
}
