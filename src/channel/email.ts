import type { SentMessageInfo, Transporter } from 'nodemailer';
import { renderHtml } from '../message/email-html.ts';
import type { Letter } from '../message/message.ts';
import { renderText } from '../message/text.ts';
import { type Channel, ChannelError, type Outcome, settingsMark } from './channel.ts';

export interface EmailSettings {
  /** nodemailer connection URL. */
  readonly smtpUrl: string;
  readonly from: string;
  readonly to: readonly string[];
}

/** In milliseconds. nodemailer's own are minutes. */
const TIMEOUTS = { connectionTimeout: 15_000, greetingTimeout: 15_000, socketTimeout: 30_000 };

/**
 * One message to one recipient over SMTP, so that one bad address stops nobody else. The Message-ID comes from the id of
 * the message: mail systems drop a second copy, and corrections refer to it.
 */
export function createEmailChannel(settings: EmailSettings, recipient: string, timeout?: number): Channel {
  const { smtpUrl, from } = settings;
  const timeouts =
    timeout === undefined ? TIMEOUTS : { connectionTimeout: timeout, greetingTimeout: timeout, socketTimeout: timeout };
  return {
    id: `email:${recipient}`,
    needsNetwork: true,
    settings: settingsMark(smtpUrl, from),
    send: async (letter) => {
      const log = transcript();
      const transport = await connect(smtpUrl, timeouts, log.logger);
      const messageId = messageIdOf(letter.message.id, recipient, from);
      try {
        const info = await transport.sendMail(mail(letter, from, recipient, messageId));
        return sentOrRejected(info, messageId);
      } catch (error) {
        return outcomeOf(error, log.mayHaveBeenTaken());
      } finally {
        transport.close();
      }
    },
    test: async () => {
      const transport = await connect(smtpUrl, timeouts, false);
      try {
        await transport.verify();
        return `${new URL(smtpUrl).host} takes the login`;
      } catch (error) {
        const outcome = outcomeOf(error, false);
        throw new ChannelError(outcome.state === 'sent' ? 'unexpected answer' : outcome.reason, { cause: error });
      } finally {
        transport.close();
      }
    },
  };
}

type SmtpLogger = Record<
  'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'level',
  (...entry: unknown[]) => void
>;

async function connect(url: string, timeouts: typeof TIMEOUTS, logger: SmtpLogger | false): Promise<Transporter> {
  const { createTransport } = await import('nodemailer');
  const plain = new URL(url).searchParams.get('ignoreTLS') === 'true';
  const options = { url, ...timeouts, requireTLS: !plain, logger, transactionLog: logger !== false };
  return createTransport(options) as Transporter;
}

function mail(given: Letter, from: string, to: string, messageId: string) {
  const { message, repeat, refersTo, pictures = [] } = given;
  const letter = { ...given, message: { ...message, footer: [...message.footer, howToStop(to)] } };
  // Where the first message's fate is unknown it may have arrived, and its Message-ID is known all the same.
  const first =
    refersTo?.messageId ?? (message.refersTo === null ? undefined : messageIdOf(message.refersTo, to, from));
  return {
    from,
    to,
    messageId,
    subject: repeat ? `${message.title} (may be a repeat)` : message.title,
    text: renderText(letter),
    html: renderHtml(letter),
    attachments: pictures.map(({ name, png }) => ({
      filename: `${name}.png`,
      content: Buffer.from(png),
      contentType: 'image/png',
      contentDisposition: 'inline' as const,
      cid: name,
    })),
    ...(first === undefined ? {} : { inReplyTo: first, references: [first] }),
    list: { id: { url: `breakout-bell.${domainOf(from)}`, comment: 'Breakout Bell' } },
    headers: { 'Auto-Submitted': 'auto-generated', 'X-Breakout-Bell-Id': message.id },
  };
}

function howToStop(recipient: string): string {
  return `Sent to ${recipient}. To stop: npm run pause email:${recipient} where Breakout Bell runs, or ask who runs it.`;
}

/** `<id/hash-of-recipient@domain-of-sender>`: the same for every attempt, another for every recipient. */
export function messageIdOf(id: string, recipient: string, from: string): string {
  return `<${id.replace(/[^\w.!#$%&'*+/=?^`{|}~-]/g, '-')}/${settingsMark(recipient).slice(0, 8)}@${domainOf(from)}>`;
}

function domainOf(from: string): string {
  return from.match(/@([^\s@<>"]+)>?\s*$/)?.[1] ?? 'localhost';
}

function sentOrRejected(info: SentMessageInfo, messageId: string): Outcome {
  const rejected = (info.rejected ?? []) as unknown[];
  if (rejected.length === 0) return { state: 'sent', receipt: { messageId } };
  return { state: 'refused', permanent: true, reason: `the mail server refused the recipient: ${info.response ?? ''}` };
}

/**
 * Follows the talk with the server, for one question: did it say 354 (go ahead) and not yet what became of the message?
 * nodemailer tells that nowhere else.
 */
function transcript() {
  let goneAhead = false;
  const debug = (entry: unknown, ...rest: unknown[]) => {
    const fromServer = (entry as { tnx?: string }).tnx === 'server';
    if (fromServer && /^354\b/.test(String(rest[0] ?? ''))) goneAhead = true;
  };
  const ignore = () => {};
  const logger: SmtpLogger = {
    trace: ignore,
    debug,
    info: ignore,
    warn: ignore,
    error: ignore,
    fatal: ignore,
    level: ignore,
  };
  return { logger, mayHaveBeenTaken: () => goneAhead };
}

function outcomeOf(error: unknown, mayHaveBeenTaken: boolean): Outcome {
  const { code, responseCode, response, message } = error as Error & {
    code?: string;
    responseCode?: number;
    response?: string;
  };
  const words = (response ?? message).split('\n')[0] ?? '';
  if (code === 'EAUTH' && responseCode !== undefined && responseCode >= 500) {
    return {
      state: 'refused',
      permanent: true,
      reason: `the mail server refused the login (${words}); check user and password in SMTP_URL`,
    };
  }
  if (code === 'ETLS' && responseCode !== undefined && responseCode < 500) {
    return { state: 'refused', permanent: false, reason: `the mail server cannot begin TLS now: ${words}` };
  }
  if (code === 'ETLS') {
    return {
      state: 'refused',
      permanent: true,
      reason: 'the mail server offers no STARTTLS; use smtps://, or ?ignoreTLS=true in SMTP_URL on a network you trust',
    };
  }
  if (responseCode !== undefined && responseCode >= 400) {
    return { state: 'refused', permanent: responseCode >= 500, reason: `the mail server refused it: ${words}` };
  }
  if (mayHaveBeenTaken)
    return { state: 'unknown', reason: `the connection broke after the message was handed over (${code ?? words})` };
  if (/SSL routines|wrong version number/.test(words)) {
    return {
      state: 'refused',
      permanent: true,
      reason: 'the mail server does not speak TLS at this port; smtps:// is for port 465, smtp:// for 587, in SMTP_URL',
    };
  }
  const reason =
    code === 'EDNS' || code === 'ESOCKET' || code === 'ETIMEDOUT'
      ? 'the mail server cannot be reached'
      : 'the connection to the mail server broke';
  return { state: 'refused', permanent: false, reason: `${reason}: ${words}` };
}
