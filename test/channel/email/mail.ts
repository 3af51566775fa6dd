import { expect } from 'vitest';
import { createEmailChannel } from '../../../src/channel/email/transport.ts';
import { type Script, startScriptedSmtp } from '../../support/smtp-script.ts';
import { type SmtpOptions, type SmtpStandIn, startSmtp } from '../../support/smtp-server.ts';
import { useStandIn } from '../../support/temporary.ts';

export const ANN = 'ann@example.org';
export const BOB = 'bob@example.org';
export const FROM = 'Bell <bell@example.org>';

export const start = (options?: SmtpOptions) => useStandIn(startSmtp(options));

export function channelOf({ url }: Pick<SmtpStandIn, 'url'>, recipient = ANN, timeout = 5000) {
  return createEmailChannel({ smtpUrl: url, from: FROM, to: [recipient] }, recipient, timeout);
}

export const refused = (permanent: boolean, words: RegExp) => ({
  state: 'refused',
  permanent,
  reason: expect.stringMatching(words),
});
export const unknown = { state: 'unknown', reason: expect.stringContaining('after the message was handed over') };

/** A channel on a scripted server, whose URL has a login unless told otherwise. */
export async function scripted(script: Script, { login = 'user:secret@', to = ANN, timeout = 300 } = {}) {
  const smtp = await useStandIn(startScriptedSmtp(script));
  const url = `smtp://${login}127.0.0.1:${smtp.port}?ignoreTLS=true`;
  return { smtp, channel: createEmailChannel({ smtpUrl: url, from: FROM, to: [to] }, to, timeout) };
}

export const busy = (words: RegExp) => ({ ...refused(false, words), busy: true });
export const maybe = {
  state: 'unknown',
  reason: expect.stringMatching(/^the connection broke after the message was handed over \(\S.*\)$/),
};

/**
 * What real servers were seen to say.
 * Gmail: EHLO of WWBN/AVideo#3212, replies of nodemailer#1116 and bakercp/ofxSMTP#13. Exchange Online and Outlook.com: EHLO
 * of simonrob/email-oauth2-proxy#232, replies of nodemailer#1714, #1484, #1613 and Microsoft's "Exchange Online to retire
 * Basic auth for Client Submission". Exim's 421: PHPMailer#2070. Greeting with 451: maildev#96. 450: nodemailer#700.
 */
export const GMAIL: Script = {
  greeting: '220 smtp.gmail.com ESMTP a1sm1 - gsmtp',
  EHLO: `250-smtp.gmail.com at your service, [203.0.113.1]
250-SIZE 35882577
250-8BITMIME
250-AUTH LOGIN PLAIN XOAUTH2 PLAIN-CLIENTTOKEN OAUTHBEARER XOAUTH
250-ENHANCEDSTATUSCODES
250-PIPELINING
250-CHUNKING
250 SMTPUTF8`,
};
export const outlook = (methods: string): Script => ({
  greeting:
    '220 XX1PR13CA0330.outlook.office365.com Microsoft ESMTP MAIL Service ready at Fri, 24 Jan 2025 03:25:23 +0000',
  EHLO: `250-XX1PR13CA0330.outlook.office365.com Hello [203.0.113.1]
250-SIZE 157286400
250-PIPELINING
250-DSN
250-ENHANCEDSTATUSCODES
250-AUTH ${methods}
250-8BITMIME
250-BINARYMIME
250-CHUNKING
250 SMTPUTF8`,
});
