import { domainToASCII } from 'node:url';
import type { SendMailOptions } from 'nodemailer';
import type { Outgoing, Picture } from '../../message/message.ts';
import { renderHtml } from '../../render/email-html.ts';
import { contentId, type PictureLook, pictureName } from '../../render/email-picture.ts';
import { ROWS_IN_MAIL } from '../../render/email-section.ts';
import { EVENTS_CSV, eventsCsv } from '../../render/events-csv.ts';
import { renderText } from '../../render/text.ts';
import { type Channel, ChannelError, fingerprintOf } from '../channel.ts';
import { createMailServer } from './mail-server.ts';
import type { EmailSettings } from './settings.ts';
import type { Envelope } from './smtp-asking.ts';
import { NO_MORE_NOW, resultOf } from './smtp-result.ts';
import type { Login } from './smtp-session.ts';
import { replyWords } from './smtp-words.ts';
import { howToStop, unsubscribeLink } from './unsubscribe.ts';

/**
 * One message to one recipient over SMTP, so that one bad address stops nobody else. The Message-ID comes from the id of
 * the message: mail systems drop a second copy, and corrections refer to it.
 * @param timeout how long the server may take for one reply, in milliseconds
 * @param server what it shares with the other recipients
 */
export function createEmailChannel(
  settings: EmailSettings,
  recipient: string,
  timeout?: number,
  server = createMailServer(settings, timeout),
): Channel {
  const { smtpUrl, from, ca, unsubscribe } = settings;
  return {
    id: `email:${recipient}`,
    needsNetwork: true,
    fingerprint: fingerprintOf(smtpUrl, from, ...[ca ?? [], unsubscribe ?? []].flat()),
    server,
    longest: server.longest,
    send: async (outgoing, mayWrite) => {
      const messageId = messageIdOf(outgoing.message.id, recipient, from);
      let composed: Awaited<ReturnType<typeof compose>>;
      try {
        composed = await compose(mail(outgoing, settings, recipient, messageId));
      } catch (error) {
        return { state: 'refused', permanent: true, reason: `the mail cannot be written: ${(error as Error).message}` };
      }
      const result = await server.send(composed.envelope, composed.message, mayWrite);
      return result.state === 'sent' ? { state: 'sent', receipt: { messageId } } : result;
    },
    test: async () => {
      const { envelope } = await compose({ from, to: recipient });
      const answer = await server.ask(envelope);
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

/** Writes a mail as it goes over the wire, with the addresses for its envelope. */
async function compose(mail: SendMailOptions): Promise<{ envelope: Envelope; message: Buffer }> {
  const { createTransport } = await import('nodemailer');
  const { envelope, message } = await createTransport({
    streamTransport: true,
    buffer: true,
    newline: 'windows',
  }).sendMail(mail);
  return { envelope: { from: envelope.from || '', to: envelope.to[0] ?? '' }, message: message as Buffer };
}

function mail(
  given: Outgoing,
  { from, unsubscribe }: Pick<EmailSettings, 'from' | 'unsubscribe'>,
  to: string,
  messageId: string,
) {
  const { message, repeat, refersTo, pictures = [] } = given;
  const link = unsubscribeLink(from, to, unsubscribe);
  const outgoing = { ...given, message: { ...message, footer: [...message.footer, howToStop(link, to)] } };
  // What was refused with its files goes without, and has the whole table then.
  const csv = given.lacking === 'not taken' ? undefined : eventsCsv(given);
  // Where the first message's fate is unknown it may have arrived, and its Message-ID is known all the same.
  const first =
    refersTo?.messageId ?? (message.refersTo === null ? undefined : messageIdOf(message.refersTo, to, from));
  return {
    from,
    to,
    messageId,
    subject: repeat ? `${message.title} (may be a repeat)` : message.title,
    text: renderText(outgoing),
    html: renderHtml(outgoing, undefined, csv === undefined ? undefined : ROWS_IN_MAIL),
    attachments: [
      ...(csv === undefined ? [] : [{ filename: EVENTS_CSV, content: csv, contentType: 'text/csv; charset=utf-8' }]),
      ...pictures.flatMap(({ name, png, dark }) => [
        inline(message.id, name, 'light', png),
        ...(dark === undefined ? [] : [inline(message.id, name, 'dark', dark)]),
      ]),
    ],
    ...(first === undefined ? {} : { inReplyTo: first, references: [first] }),
    list: { id: { url: `breakout-bell.${domainOf(from)}`, comment: 'Breakout Bell' }, unsubscribe: link },
    headers: { 'Auto-Submitted': 'auto-generated', 'X-Breakout-Bell-Id': message.id },
  };
}

function inline(messageId: string, name: Picture['name'], look: PictureLook, png: Uint8Array) {
  return {
    filename: `${pictureName(name, look)}.png`,
    content: Buffer.from(png),
    contentType: 'image/png',
    contentDisposition: 'inline' as const,
    cid: contentId(messageId, name, look),
  };
}

/** `<id/hash-of-recipient@domain-of-sender>`: the same for every attempt, another for every recipient. */
export function messageIdOf(id: string, recipient: string, from: string): string {
  return `<${id.replace(/[^\w.!#$%&'*+/=?^`{|}~-]/g, '-')}/${fingerprintOf(recipient).slice(0, 8)}@${domainOf(from)}>`;
}

function domainOf(from: string): string {
  const domain = from.match(/@([^\s@<>"]+)>?\s*$/)?.[1] ?? 'localhost';
  return /^[\x20-\x7e]*$/.test(domain) ? domain : domainToASCII(domain);
}
