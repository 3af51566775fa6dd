import type { AttemptResult, MayWrite, SharedServer } from '../channel.ts';
import type { WrittenMail } from './guarded-mail.ts';
import { KeptSessions } from './kept-sessions.ts';
import { openSession, type SmtpTimeouts } from './open-session.ts';
import type { EmailSettings } from './settings.ts';
import { SharedSession } from './shared-session.ts';
import type { Envelope, Refusal } from './smtp-asking.ts';
import { resultOf } from './smtp-result.ts';
import type { SmtpSession } from './smtp-session.ts';

/** A mail server, which all recipients share. */
export interface MailServer extends SharedServer {
  /** How long a message may be on its way once it is written, in milliseconds. */
  readonly longest: number;
  /** One message to one recipient. Never throws. */
  send(envelope: Envelope, written: WrittenMail, mayWrite?: MayWrite): Promise<AttemptResult>;
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

/** From the look whether a message may be written to its last byte, and from the last reply to the end, in milliseconds. */
const ENDS_WITHIN = 15_000;

/** Exchange Online serves three connections of a mailbox at once, Yahoo and small hosts fewer than ten of an address. */
const AT_ONCE = 2;
/** A server that has taken many, two at a time, gets one more connection, and another one: who has enough says so, and is obeyed. */
const AT_MOST = 4;

/** @param timeout how long the server may take for one reply, in milliseconds */
export function createMailServer({ smtpUrl, ca }: Pick<EmailSettings, 'smtpUrl' | 'ca'>, timeout?: number): MailServer {
  const same =
    timeout === undefined
      ? undefined
      : { connectionTimeout: timeout, greetingTimeout: timeout, socketTimeout: timeout };
  const kept = new KeptSessions();
  const shared = new SharedSession(() => openSession(smtpUrl, same ?? TIMEOUTS_OF_TEST, ca));
  const write = (session: SmtpSession, mail: Mail) => sendOn(session, smtpUrl, mail);
  return {
    atOnce: AT_ONCE,
    atMost: AT_MOST,
    longest: longestReply(smtpUrl, same ?? TIMEOUTS) + ENDS_WITHIN,
    send: async (envelope, written, mayWrite) => {
      const mail = { envelope, written, mayWrite };
      const used = kept.take();
      if (used !== undefined) {
        const result = await write(used, mail);
        // A connection that has ended since, or takes no more messages, says nothing about a new one.
        if (!isBusy(result)) {
          await kept.keep(used);
          return result;
        }
        await used.quit();
      }
      let session: SmtpSession;
      try {
        session = await openSession(smtpUrl, same ?? TIMEOUTS, ca);
      } catch (error) {
        return resultOf(error, false, { url: smtpUrl });
      }
      const result = await write(session, mail);
      if (isBusy(result)) await session.quit();
      else await kept.keep(session);
      return result;
    },
    ask: (envelope) => shared.use((opening) => askOn(opening, smtpUrl, envelope)),
    rest: () => kept.rest(),
  };
}

/** How long the server may take for its reply to a message: the URL may say. */
function longestReply(smtpUrl: string, { socketTimeout }: SmtpTimeouts): number {
  return Number(URL.parse(smtpUrl)?.searchParams.get('socketTimeout') ?? socketTimeout);
}

/** One message on its way. */
interface Mail {
  readonly envelope: Envelope;
  readonly written: WrittenMail;
  readonly mayWrite: MayWrite | undefined;
}

async function sendOn(session: SmtpSession, url: string, mail: Mail): Promise<AttemptResult> {
  try {
    await session.send(mail.envelope, mail.written, mail.mayWrite);
    return { state: 'sent', receipt: {} };
  } catch (error) {
    const result = resultOf(error, session.talk.mayHaveBeenTaken, { url, login: session.login });
    if (result.state === 'unknown') await session.quit();
    else await session.reset();
    return result;
  }
}

async function askOn(opening: Promise<SmtpSession>, url: string, envelope: Envelope): Promise<Answer> {
  try {
    const session = await opening;
    const refusal = await session.ask(envelope);
    return { login: session.login, ...(refusal === undefined ? {} : { refusal }) };
  } catch (error) {
    return { failed: resultOf(error, false, { url }) };
  }
}

function isBusy(result: AttemptResult): boolean {
  return result.state === 'refused' && result.busy === true;
}
