import type { AttemptResult, MayWrite, SharedServer } from '../channel.ts';
import { outcomeOf } from './smtp-result.ts';
import { type Envelope, openSession, type Refusal, type SmtpSession, type SmtpTimeouts } from './smtp-session.ts';

/** A mail server, which all recipients share. */
export interface MailServer extends SharedServer {
  /** One message to one recipient. Never throws. */
  send(envelope: Envelope, message: Buffer, mayWrite?: MayWrite): Promise<AttemptResult>;
  /** Logs in and names sender and recipient without sending anything. Those that ask at the same time share a connection. */
  ask(envelope: Envelope): Promise<Answer>;
}

export type Answer =
  | { readonly login: SmtpSession['login']; readonly refusal?: Refusal }
  | { readonly failed: AttemptResult };

/**
 * nodemailer's own are minutes for all. A server that checks a message for spam and viruses takes its time after it (RFC
 * 5321 allows ten minutes); to give up early is to send it twice.
 */
const TIMEOUTS: SmtpTimeouts = { connectionTimeout: 15_000, greetingTimeout: 15_000, socketTimeout: 120_000 };
const TIMEOUTS_OF_TEST: SmtpTimeouts = { ...TIMEOUTS, socketTimeout: 30_000 };

/** Exchange Online serves three connections of a mailbox at once, Yahoo and small hosts fewer than ten of an address. */
const AT_ONCE = 2;
/** Exim queues what comes after the tenth message of a connection until its next queue run (`smtp_accept_queue_per_connection`). */
const MESSAGES_PER_CONNECTION = 10;
/** How long a connection is kept for the next message, where nobody says that there is none. */
const KEEP_MS = 2000;

/** @param timeout how long the server may take for one reply, in milliseconds */
export function createMailServer(smtpUrl: string, timeout?: number): MailServer {
  const same =
    timeout === undefined
      ? undefined
      : { connectionTimeout: timeout, greetingTimeout: timeout, socketTimeout: timeout };
  const kept = new Map<SmtpSession, NodeJS.Timeout>();

  const take = (): SmtpSession | undefined => {
    for (const [session, timer] of kept) {
      clearTimeout(timer);
      kept.delete(session);
      if (!session.ended) return session;
    }
    return undefined;
  };
  const keep = async (session: SmtpSession) => {
    if (session.ended) return;
    if (session.taken >= MESSAGES_PER_CONNECTION) return session.quit();
    kept.set(
      session,
      setTimeout(() => {
        kept.delete(session);
        void session.quit();
      }, KEEP_MS),
    );
  };
  const sendOn = async (
    session: SmtpSession,
    envelope: Envelope,
    message: Buffer,
    mayWrite: MayWrite | undefined,
  ): Promise<AttemptResult> => {
    try {
      await session.send(envelope, message, mayWrite);
      return { state: 'sent', receipt: {} };
    } catch (error) {
      const result = outcomeOf(error, session.talk.mayHaveBeenTaken, { url: smtpUrl, login: session.login });
      if (result.state === 'unknown') await session.quit();
      else await session.reset();
      return result;
    }
  };
  const send: MailServer['send'] = async (envelope, message, mayWrite) => {
    const used = take();
    if (used !== undefined) {
      const result = await sendOn(used, envelope, message, mayWrite);
      // A connection that has ended since, or takes no more messages, says nothing about a new one.
      if (result.state !== 'refused' || result.busy !== true) {
        await keep(used);
        return result;
      }
      await used.quit();
    }
    let session: SmtpSession;
    try {
      session = await openSession(smtpUrl, same ?? TIMEOUTS);
    } catch (error) {
      return outcomeOf(error, false, { url: smtpUrl });
    }
    const result = await sendOn(session, envelope, message, mayWrite);
    if (result.state === 'refused' && result.busy === true) await session.quit();
    else await keep(session);
    return result;
  };

  let asking = 0;
  let shared: Promise<SmtpSession> | undefined;
  let turn: Promise<unknown> = Promise.resolve();
  const ask = async (envelope: Envelope): Promise<Answer> => {
    asking += 1;
    shared ??= openSession(smtpUrl, same ?? TIMEOUTS_OF_TEST);
    const opening = shared;
    const answer = turn.then(async (): Promise<Answer> => {
      try {
        const session = await opening;
        const refusal = await session.ask(envelope);
        return { login: session.login, ...(refusal === undefined ? {} : { refusal }) };
      } catch (error) {
        return { failed: outcomeOf(error, false, { url: smtpUrl }) };
      }
    });
    turn = answer;
    await answer;
    asking -= 1;
    if (asking === 0) {
      shared = undefined;
      await opening.then((session) => session.quit()).catch(() => {});
    }
    return answer;
  };

  return {
    atOnce: AT_ONCE,
    send,
    ask,
    rest: async () => {
      const sessions = [...kept];
      kept.clear();
      await Promise.all(
        sessions.map(([session, timer]) => {
          clearTimeout(timer);
          return session.quit();
        }),
      );
    },
  };
}
