import { type Channel, ChannelError, fingerprintOf } from '../channel.ts';
import { createMailServer, type MailServer } from './mail-server.ts';
import { messageIdOf } from './message-id.ts';
import type { EmailSettings } from './settings.ts';
import { NO_MORE_NOW, resultOf } from './smtp-result.ts';
import type { Login } from './smtp-session.ts';
import { replyWords } from './smtp-words.ts';

/** What all recipients of one sender share: the server, and what their mails have in common. */
export interface SharedMail {
  readonly server: MailServer;
  /** One mail as it goes over the wire. */
  write(...mail: Parameters<Writer>): ReturnType<Writer>;
}

type Writer = Awaited<ReturnType<typeof loadWriter>>;

/** @param timeout how long the server may take for one reply, in milliseconds */
export function shareMail(settings: EmailSettings, timeout?: number): SharedMail {
  let loading: ReturnType<typeof loadWriter> | undefined;
  return {
    server: createMailServer(settings, timeout),
    write: async (...mail) => {
      loading ??= loadWriter(settings);
      return (await loading)(...mail);
    },
  };
}

/** Loaded with the first mail: most days have none. */
async function loadWriter(settings: EmailSettings) {
  const { mailWriter } = await import('./write-mail.ts');
  return mailWriter(settings);
}

/**
 * One message to one recipient over SMTP, so that one bad address stops nobody else. The Message-ID comes from the id of
 * the message: mail systems drop a second copy, and corrections refer to it.
 * @param timeout how long the server may take for one reply, in milliseconds
 * @param shared what it shares with the other recipients
 */
export function createEmailChannel(
  settings: EmailSettings,
  recipient: string,
  timeout?: number,
  { server, write } = shareMail(settings, timeout),
): Channel {
  const { smtpUrl, from, ca, unsubscribe, dkim } = settings;
  return {
    id: `email:${recipient}`,
    needsNetwork: true,
    fingerprint: fingerprintOf(smtpUrl, from, ...[ca ?? [], unsubscribe ?? [], Object.values(dkim ?? {})].flat()),
    server,
    longest: server.longest,
    send: async (outgoing, mayWrite) => {
      let mail: Awaited<ReturnType<typeof write>>;
      try {
        mail = await write(outgoing, recipient);
      } catch (error) {
        return { state: 'refused', permanent: true, reason: `the mail cannot be written: ${(error as Error).message}` };
      }
      const result = await server.send(mail.envelope, mail.written, mayWrite);
      if (result.state !== 'sent') return result;
      return { state: 'sent', receipt: { messageId: messageIdOf(outgoing.message.id, recipient, from) } };
    },
    test: async () => {
      const { envelopeOf } = await import('./head.ts');
      const answer = await server.ask(envelopeOf(from, recipient));
      const used = { url: smtpUrl, ...('login' in answer ? { login: answer.login } : {}) };
      const { refusal } = 'login' in answer ? answer : {};
      const result = 'failed' in answer ? answer.failed : refusal && resultOf(refusal, false, used);
      if (result?.state === 'refused') {
        // Greylisting, a full mailbox, or the sender's quota for now: an alert would be tried again for days.
        const putOff =
          refusal?.command === 'RCPT TO' && !result.permanent && !NO_MORE_NOW.includes(refusal.responseCode);
        if (!putOff) throw new ChannelError(result.reason);
      }
      const how = acceptedHow(new URL(smtpUrl).host, recipient, used.login);
      return refusal === undefined ? how : `${how}, but not just now: ${replyWords(refusal.response)}`;
    },
  };
}

/** What a test has seen, and no more. */
function acceptedHow(host: string, recipient: string, login: Login = 'none set'): string {
  if (login === 'accepted') return `${host} accepts the login, and mail to ${recipient}`;
  const without = `${host} accepts mail to ${recipient} without a login`;
  return login === 'none set' ? without : `${without}; it offers none, so user and password in SMTP_URL are not used`;
}
