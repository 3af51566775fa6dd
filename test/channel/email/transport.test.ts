import { describe, expect, test } from 'vitest';
import { createMailServer } from '../../../src/channel/email/mail-server.ts';
import { resultOf } from '../../../src/channel/email/smtp-result.ts';
import { createEmailChannel, messageIdOf } from '../../../src/channel/email/transport.ts';
import { renderHtml } from '../../../src/render/email-html.ts';
import { renderText } from '../../../src/render/text.ts';
import { exampleMessage, outgoing } from '../../support/examples.ts';
import { type Reply, type Script, startScriptedSmtp } from '../../support/smtp-script.ts';
import { type SmtpFault, type SmtpOptions, type SmtpStandIn, startSmtp } from '../../support/smtp-server.ts';
import { useStandIn } from '../../support/temporary.ts';

const ANN = 'ann@example.org';
const BOB = 'bob@example.org';
const FROM = 'Bell <bell@example.org>';

const start = (options?: SmtpOptions) => useStandIn(startSmtp(options));

function channelOf({ url }: Pick<SmtpStandIn, 'url'>, recipient = ANN, timeout = 5000) {
  return createEmailChannel({ smtpUrl: url, from: FROM, to: [recipient] }, recipient, timeout);
}

const refused = (permanent: boolean, words: RegExp) => ({
  state: 'refused',
  permanent,
  reason: expect.stringMatching(words),
});
const unknown = { state: 'unknown', reason: expect.stringContaining('after the message was handed over') };

/** Fault, how many messages the server took all the same, and the outcome. */
const FAULTS: readonly (readonly [name: string, fault: SmtpFault, taken: number, result: object])[] = [
  ['a server that never greets', 'stall', 0, refused(false, /cannot be reached/)],
  ['421 at connect', { connect: 421 }, 0, refused(false, /421/)],
  ['554 at connect', { connect: 554 }, 0, refused(true, /554/)],
  ['535 at login', { login: 535 }, 0, refused(true, /login.*check user and password in SMTP_URL/)],
  ['454 at login', { login: 454 }, 0, refused(false, /454/)],
  ['451 for the recipient', { recipients: { [ANN]: 451 } }, 0, refused(false, /451/)],
  ['550 for the recipient', { recipients: { [ANN]: 550 } }, 0, refused(true, /550/)],
  ['451 for the message', { data: 451 }, 0, refused(false, /451/)],
  ['550 for the message', { data: 550 }, 0, refused(true, /550/)],
  ['a drop before the message', 'drop-before-data', 0, refused(false, /broke/)],
  ['a drop in the message', 'drop-in-data', 0, unknown],
  ['a drop after the message', 'drop-after-data', 1, unknown],
  ['silence after the message', 'stall-after-data', 1, unknown],
];

test.each(FAULTS)(
  '%s has its outcome after one connection, and does not break the next send',
  async (_, fault, taken, result) => {
    const smtp = await start();
    smtp.fault = ({ count }) => (count === 1 ? fault : undefined);
    const timeout = String(fault).startsWith('stall') ? 50 : 5000;
    expect(await channelOf(smtp, ANN, timeout).send(outgoing())).toMatchObject(result);
    expect(smtp.messages).toHaveLength(taken);
    expect(smtp.connections).toBe(1);
    expect(await channelOf(smtp).send(outgoing())).toMatchObject({ state: 'sent' });
  },
);

test('TLS at a port that does not speak it is told in words', async () => {
  const smtp = await useStandIn(startSmtp());
  const url = smtp.url.replace('smtp://', 'smtps://');
  expect(await channelOf({ url }).send(outgoing())).toMatchObject({
    state: 'refused',
    permanent: true,
    reason: expect.stringMatching(/does not speak TLS at this port; smtps:\/\/ is for port 465/),
  });
});

test('a refused connection surely sent nothing and may be tried again', async () => {
  const smtp = await start();
  await smtp.close();
  expect(await channelOf(smtp).send(outgoing())).toMatchObject(refused(false, /cannot be reached/));
});

test('a host without an address surely got nothing', async () => {
  const channel = channelOf({ url: `smtp://${'x'.repeat(64)}.invalid:587` });
  expect(await channel.send(outgoing())).toMatchObject(refused(false, /cannot be reached/));
});

test('one bad address stops nobody else', async () => {
  const smtp = await start();
  smtp.fault = () => ({ recipients: { [ANN]: 550 } });
  expect(await channelOf(smtp, ANN).send(outgoing())).toMatchObject({ state: 'refused' });
  expect(await channelOf(smtp, BOB).send(outgoing())).toMatchObject({ state: 'sent' });
  expect(smtp.messages.map(({ envelope }) => envelope.to)).toEqual([[BOB]]);
});

describe('STARTTLS', () => {
  test('is used when it is offered', async () => {
    const smtp = await start({ starttls: true });
    expect(await channelOf(smtp).send(outgoing())).toMatchObject({ state: 'sent' });
    expect(smtp.messages[0]?.raw).toContain('Subject: ');
    // The server takes no login before STARTTLS, and this one has to log in.
    expect(smtp.url).toContain('user:');
  });

  test('is required unless the URL says otherwise: without it nothing is sent, and the reason says what to do', async () => {
    const smtp = await start({ auth: false });
    const url = smtp.url.replace('?ignoreTLS=true', '');
    expect(await channelOf({ url }).send(outgoing())).toMatchObject(
      refused(true, /no STARTTLS.*smtps:.*ignoreTLS=true/),
    );
    expect(smtp.messages).toEqual([]);
  });

  test('with a certificate that nobody trusts is refused before the login', async () => {
    const smtp = await start({ starttls: true });
    const url = smtp.url.replace(/\?.*/, '');
    expect(await channelOf({ url }).send(outgoing())).toMatchObject(refused(false, /certificate/));
    expect(smtp.messages).toEqual([]);
  });
});

test('an email has text and HTML, subject, sender, one recipient, and headers that tell machines what it is', async () => {
  const smtp = await start();
  await channelOf(smtp).send(outgoing());
  const [mail] = smtp.messages;
  expect(mail).toMatchObject({
    envelope: { from: 'bell@example.org', to: [ANN] },
    subject: 'Russell 2000: first record close in over a year',
    from: { text: '"Bell" <bell@example.org>' },
    to: { text: ANN },
  });
  const { footer } = outgoing().message;
  const howToStop = `Sent to ${ANN}. To stop: npm run pause email:${ANN} where Breakout Bell runs, or ask who runs it.`;
  const sent = outgoing(exampleMessage({ footer: [...footer, howToStop] }));
  expect(mail?.text?.trim()).toBe(renderText(sent).trim());
  expect(mail?.html).toBe(renderHtml(sent));
  expect(mail?.headers.get('auto-submitted')).toBe('auto-generated');
  expect(mail?.headers.get('x-breakout-bell-id')).toBe('russell-2000/2025-09-18/alert');
  expect(mail?.attachments).toEqual([]);
  expect(mail?.inReplyTo).toBeUndefined();
});

test('a repeat says so in the subject', async () => {
  const smtp = await start();
  await channelOf(smtp).send(outgoing(exampleMessage(), { repeat: true }));
  expect(smtp.messages[0]?.subject).toBe('Russell 2000: first record close in over a year (may be a repeat)');
});

describe('the Message-ID', () => {
  test('is the same for every attempt and the receipt of it, and another for every recipient', async () => {
    const smtp = await start();
    const results = [];
    for (const recipient of [ANN, ANN, BOB]) {
      results.push(await channelOf(smtp, recipient).send(outgoing(exampleMessage(), { repeat: results.length > 0 })));
    }
    const [first, again, other] = smtp.messages.map(({ messageId }) => messageId);
    expect(again).toBe(first);
    expect(other).not.toBe(first);
    expect(results).toEqual([first, again, other].map((messageId) => ({ state: 'sent', receipt: { messageId } })));
  });

  test('differs from message to message', () => {
    expect(messageIdOf('russell-2000/2025-09-18/alert', ANN, FROM)).not.toBe(
      messageIdOf('russell-2000/2025-09-18/correction', ANN, FROM),
    );
  });

  // RFC 5322 allows one '@' and few other signs.
  test.each([
    'russell-2000/2025-09-18/alert',
    'drill/2025-09-18T20:45:00.000Z',
    'warning/delivery-email:bob@example.org/russell-2000/2025-09-18/alert',
  ])('of %s is one that mail programs take, with the domain of the sender', (id) => {
    for (const from of ['bell@example.org', FROM, '"B. Ell" <bell@example.org>']) {
      expect(messageIdOf(id, ANN, from)).toMatch(/^<[\w.!#$%&'*+/=?^`{|}~-]+@example\.org>$/);
    }
  });
});

describe('its test', () => {
  test('logs in and says where, without the login', async () => {
    const smtp = await start();
    expect(await channelOf(smtp).test()).toBe(
      `127.0.0.1:${new URL(smtp.url).port} accepts the login, and mail to ${ANN}`,
    );
    expect(smtp.messages).toEqual([]);
  });

  test.each<[string, SmtpFault, RegExp]>([
    ['a wrong login', { login: 535 }, /refused the login.*check user and password in SMTP_URL/],
    ['a server that is busy', { connect: 421 }, /421/],
    ['a server that never greets', 'stall', /cannot be reached/],
  ])('names %s', async (_, fault, words) => {
    const smtp = await start();
    smtp.fault = () => fault;
    await expect(channelOf(smtp, ANN, fault === 'stall' ? 50 : 5000).test()).rejects.toThrow(words);
  });

  test('names STARTTLS that is missing', async () => {
    const smtp = await start();
    const url = smtp.url.replace('?ignoreTLS=true', '');
    await expect(channelOf({ url }).test()).rejects.toThrow(/no STARTTLS/);
  });
});

test.each<[string, SmtpFault, boolean]>([
  ['552 after the message', { data: 552 }, true],
  ['554 after the message', { data: 554 }, true],
  ['451 after the message', { data: 451 }, true],
  ['552 for the recipient, whose box is full', { recipients: { [ANN]: 552 } }, false],
  ['the login', { login: 535 }, false],
  ['the connection', { connect: 554 }, false],
])('a refusal may be about the pictures once the message was handed over: %s', async (_, fault, expected) => {
  const smtp = await start();
  smtp.fault = () => fault;
  const result = await channelOf(smtp).send(outgoing());
  expect(result.state === 'refused' && result.perhapsPictures === true).toBe(expected);
});

test('the text alone names no picture of its own, and says where they are', async () => {
  const smtp = await start();
  await channelOf(smtp).send(outgoing(exampleMessage(), { lacking: 'not taken' }));
  expect(smtp.messages[0]?.html).not.toContain('cid:');
  expect(smtp.messages[0]?.html).toContain('The pictures could not be attached; they are on the page');
});

/**
 * What real servers were seen to say.
 * Gmail: EHLO of WWBN/AVideo#3212, replies of nodemailer#1116 and bakercp/ofxSMTP#13. Exchange Online and Outlook.com: EHLO
 * of simonrob/email-oauth2-proxy#232, replies of nodemailer#1714, #1484, #1613 and Microsoft's "Exchange Online to retire
 * Basic auth for Client Submission". Exim's 421: PHPMailer#2070. Greeting with 451: maildev#96. 450: nodemailer#700.
 */
const GMAIL: Script = {
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
const outlook = (methods: string): Script => ({
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
const LOGIN_OFF =
  '535 5.7.139 Authentication unsuccessful, basic authentication is disabled. [PN0PR01CA0024.INDPRD01.PROD.OUTLOOK.COM]';
const TENANT_OFF =
  '535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Tenant. Visit https://aka.ms/smtp_auth_disabled for more information. [MN2PR05CA0004.namprd05.prod.outlook.com]';
const NO_PASSWORDS = /accepts no passwords any more .*use another mail server in SMTP_URL/;

/** AUTH LOGIN as servers ask for it: user, password, then the answer. */
function answersToLogin(answer: string): Script {
  return { AUTH: '334 VXNlcm5hbWU6', login: ['334 UGFzc3dvcmQ6', answer] };
}

/** A channel on a scripted server, whose URL has a login unless told otherwise. */
async function scripted(script: Script, { login = 'user:secret@', to = ANN, timeout = 300 } = {}) {
  const smtp = await useStandIn(startScriptedSmtp(script));
  const url = `smtp://${login}127.0.0.1:${smtp.port}?ignoreTLS=true`;
  return { smtp, channel: createEmailChannel({ smtpUrl: url, from: FROM, to: [to] }, to, timeout) };
}

describe('logins of real servers', () => {
  test.each<[string, Script, RegExp]>([
    ['XOAUTH2 only', { ...outlook('XOAUTH2') }, NO_PASSWORDS],
    ['OAUTHBEARER and XOAUTH2 only', { ...outlook('OAUTHBEARER XOAUTH2') }, /it offers OAUTHBEARER, XOAUTH2 only/],
    ["GSSAPI and NTLM only, an Exchange of one's own", { ...outlook('GSSAPI NTLM') }, NO_PASSWORDS],
    ['basic logins off', { ...outlook('LOGIN XOAUTH2'), ...answersToLogin(LOGIN_OFF) }, NO_PASSWORDS],
    [
      'logins off for a tenant',
      { ...outlook('LOGIN XOAUTH2'), ...answersToLogin(TENANT_OFF) },
      /an administrator can allow Authenticated SMTP/,
    ],
    [
      '550 5.7.30',
      {
        ...outlook('LOGIN XOAUTH2'),
        ...answersToLogin('550 5.7.30 Basic authentication is not supported for Client Submission.'),
      },
      NO_PASSWORDS,
    ],
    [
      '535 5.7.3',
      {
        ...outlook('LOGIN XOAUTH2'),
        ...answersToLogin('535 5.7.3 Authentication unsuccessful [DB6P18901CA0015.EURP189.PROD.OUTLOOK.COM]'),
      },
      /5\.7\.3 .*check user and password in SMTP_URL/,
    ],
    [
      'an app password wanted',
      {
        ...GMAIL,
        AUTH: '534-5.7.9 Application-specific password required. For more information, go to\n534 5.7.9  https://support.google.com/mail/?p=InvalidSecondFactor o13sm2119833lfg.90 - gsmtp',
      },
      /^the mail server refused the login \(534 5\.7\.9 Application-specific password required\. For more information, go to https:\S+ .*app password: make one/,
    ],
    [
      'a wrong password',
      {
        ...GMAIL,
        AUTH: '535-5.7.8 Username and Password not accepted. Learn more at\n535 5.7.8  https://support.google.com/mail/answer/14257 j88sm1532869qgf.7 - gsmtp',
      },
      /check user and password in SMTP_URL \(many providers want an app password/,
    ],
    [
      'a browser wanted',
      {
        ...GMAIL,
        AUTH: '534-5.7.14 <https://accounts.google.com/signin/continue> Please log in via your web browser\n534 5.7.14 and then try again.',
      },
      /sign in to the account once in a browser/,
    ],
    ['a method that nobody knows', { AUTH: '504 5.7.4 Unrecognized authentication type' }, NO_PASSWORDS],
    ['TLS before the login', { AUTH: '538 5.7.11 Encryption required' }, /refused the login/],
  ])('%s: told as such by the test and by the attempt, and nothing is sent', async (_, script, words) => {
    const { smtp, channel } = await scripted(script);
    expect(await channel.send(outgoing())).toMatchObject(refused(true, words));
    await expect(channel.test()).rejects.toThrow(words);
    expect(smtp.commands.filter((line) => /^(MAIL|RCPT|DATA)/.test(line))).toEqual([]);
  });

  test('a password goes to no server that takes none', async () => {
    const { smtp, channel } = await scripted(outlook('XOAUTH2'));
    await channel.send(outgoing());
    expect(smtp.commands.filter((line) => line.startsWith('AUTH'))).toEqual([]);
  });

  test.each([
    '454 4.7.0 Temporary authentication failure',
    '454 4.7.0 Too many login attempts, please try again later. - gsmtp',
    '421 4.7.0 Try again later, closing connection.',
  ])('%s is for later', async (reply) => {
    const { channel } = await scripted({ ...GMAIL, AUTH: reply });
    expect(await channel.send(outgoing())).toMatchObject({
      ...refused(false, /^the mail server cannot check the login now: 4/),
      busy: true,
    });
  });

  test('a server that offers no login did not accept one', async () => {
    const { smtp, channel } = await scripted({ EHLO: '250-mail.example.com\n250 8BITMIME' });
    expect(await channel.test()).toBe(
      `127.0.0.1:${smtp.port} accepts mail to ${ANN} without a login; it offers none, so user and password in SMTP_URL are not used`,
    );
    expect(await channel.send(outgoing())).toMatchObject({ state: 'sent' });
  });

  test('a server that offers no login and wants one is no good', async () => {
    const reply = '530 5.7.57 Client not authenticated to send mail. [AM0PR04CA0033.eurprd04.prod.outlook.com]';
    const { channel } = await scripted({ EHLO: '250-mail.example.com\n250 8BITMIME', MAIL: reply });
    const words = /wants a login and offers none at 127\.0\.0\.1:\d+: 530 5\.7\.57 .*try its port 587 or 465/;
    await expect(channel.test()).rejects.toThrow(words);
    expect(await channel.send(outgoing())).toMatchObject(refused(true, words));
  });

  test('without a login in SMTP_URL nobody claims one', async () => {
    const { smtp, channel } = await scripted({}, { login: '' });
    expect(await channel.test()).toBe(`127.0.0.1:${smtp.port} accepts mail to ${ANN} without a login`);
    expect(smtp.commands.filter((line) => line.startsWith('AUTH'))).toEqual([]);
  });

  test('a login that is wanted and not set is named', async () => {
    const { channel } = await scripted(
      {
        ...GMAIL,
        MAIL: '530-5.7.0 Authentication Required. For more information, go to\n530 5.7.0  https://support.google.com/mail/?p=WantAuthError',
      },
      { login: '' },
    );
    const words = /wants a login: 530 5\.7\.0 Authentication Required\. .*SMTP_URL takes smtp:\/\/user:password@host/;
    await expect(channel.test()).rejects.toThrow(words);
    expect(await channel.send(outgoing())).toMatchObject(refused(true, words));
  });

  test('a user without a password is named', async () => {
    const { channel } = await scripted({}, { login: 'user@' });
    expect(await channel.send(outgoing())).toMatchObject(
      refused(true, /Missing credentials.*smtp:\/\/user:password@host/),
    );
  });
});

describe('its test goes as far as an alert would', () => {
  test('and takes it back', async () => {
    const { smtp, channel } = await scripted({});
    await channel.test();
    expect(smtp.commands.slice(1)).toEqual([
      'AUTH PLAIN',
      'MAIL FROM:<bell@example.org>',
      `RCPT TO:<${ANN}>`,
      'RSET',
      'QUIT',
    ]);
  });

  test.each<[string, Script, RegExp]>([
    [
      'sender',
      { MAIL: '553 5.7.1 <bell@example.org>: Sender address rejected: not owned by user user' },
      /refused the sender: 553 .*EMAIL_FROM must be an address that this login may send from/,
    ],
    [
      'recipient',
      { RCPT: '550 5.1.1 <ann@example.org>: Recipient address rejected: User unknown' },
      /refused the recipient: 550 5\.1\.1/,
    ],
    ['sender with 421', { MAIL: '421 4.7.0 Try again later, closing connection.' }, /refused it for now: 421 4\.7\.0/],
    ['sender, for now', { MAIL: '452 4.3.1 Insufficient system storage' }, /refused it for now: 452/],
  ])('a refused %s fails it', async (_, script, words) => {
    const { channel } = await scripted(script);
    await expect(channel.test()).rejects.toThrow(words);
    expect(await channel.send(outgoing())).toMatchObject({ state: 'refused', reason: expect.stringMatching(words) });
  });

  test('a welcome of several lines does not', async () => {
    const { channel } = await scripted({ MAIL: '250-2.1.0 OK\n250 with pleasure', RCPT: '250-2.1.5\n250 OK' });
    expect(await channel.test()).toMatch(/accepts the login, and mail to ann@example\.org$/);
  });

  test('421 for the recipient fails it: the server has hung up', async () => {
    const { channel } = await scripted({ RCPT: '421 4.7.0 Try again later, closing connection.' });
    await expect(channel.test()).rejects.toThrow(/refused it for now: 421 4\.7\.0/);
  });

  test('greylisting does not: an alert would come a little later', async () => {
    const { channel } = await scripted({ RCPT: '450 4.2.0 <ann@example.org>: Recipient address rejected: Greylisted' });
    expect(await channel.test()).toMatch(
      /accepts the login, and mail to ann@example\.org, but not just now: 450 4\.2\.0 .*Greylisted$/,
    );
  });
});

const busy = (words: RegExp) => ({ ...refused(false, words), busy: true });
const maybe = {
  state: 'unknown',
  reason: expect.stringMatching(/^the connection broke after the message was handed over \(\S.*\)$/),
};

describe('what the talk with a server ends in', () => {
  test.each<[string, Script, object]>([
    // Before the server says to go ahead, and after a reply that refuses, it was surely not taken.
    ['silence', { greeting: 'silence' }, busy(/cannot be reached: 127\.0\.0\.1:\d+ does not answer in time$/)],
    ['a close in place of the greeting', { greeting: 'close' }, busy(/broke/)],
    ['a reset in place of the greeting', { greeting: 'reset' }, busy(/cannot be reached: \w+ ECONNRESET/)],
    ['half of a greeting', { greeting: { cut: '220 mail.exa' } }, busy(/broke/)],
    [
      '421 as greeting',
      { greeting: '421 Too many concurrent SMTP connections; please try again later.' },
      busy(/for now: 421 Too many concurrent/),
    ],
    ['421 as greeting that is cut', { greeting: { cut: '421 Too many concurrent SMTP conn' } }, busy(/421 Too many/)],
    [
      '451 as greeting',
      {
        greeting:
          '451 ESMTP MailEnable Service temporarily refused connection at 11/27/15 11:25:27 from IP (203.0.113.1) because the server is too busy.',
      },
      busy(/451 ESMTP MailEnable/),
    ],
    ['554 as greeting', { greeting: '554 5.7.1 You are not allowed to connect' }, refused(true, /554 5\.7\.1/)],
    ['421 to EHLO', { EHLO: '421 4.3.2 Service not available, closing transmission channel' }, busy(/421 4\.3\.2/)],
    [
      'a page',
      { greeting: 'HTTP/1.1 400 Bad Request\nContent-Type: text/html\n\n<html>Bad Request</html>' },
      refused(false, /what answers at 127\.0\.0\.1:\d+ is not a mail server; it says: HTTP\/1\.1 400 Bad Request$/),
    ],
    ['SSH', { greeting: 'SSH-2.0-OpenSSH_9.2p1 Debian-2' }, refused(false, /is not a mail server; it says: SSH-2\.0/)],
    [
      'IMAP',
      { greeting: '* OK [CAPABILITY IMAP4rev1] Dovecot ready.' },
      refused(false, /is not a mail server; it says: \* OK/),
    ],
    ['421 for the sender', { MAIL: '421 4.7.0 Error: too many connections' }, busy(/421/)],
    ['450 for the sender', { MAIL: '450 4.7.1 Error: too much mail from 203.0.113.1' }, busy(/450/)],
    [
      '452 for the recipient',
      { RCPT: '452 4.2.2 The email account that you tried to reach is over quota.' },
      refused(false, /452/),
    ],
    ['421 for DATA', { DATA: '421 4.4.2 Timeout' }, busy(/421/)],
    ['a reset at DATA', { DATA: 'reset' }, busy(/ECONNRESET/)],
    ['421 after the message', { message: '421 4.3.2 System shutting down' }, busy(/421 4\.3\.2/)],
    [
      '432 after the message',
      {
        message:
          '432 4.3.2 Concurrent connections limit exceeded. Visit https://aka.ms/concurrent_sending for more information.',
      },
      busy(/432 4\.3\.2/),
    ],
    [
      '451 after the message',
      { message: '451 4.7.1 Please try again later' },
      { ...refused(false, /451/), perhapsPictures: true },
    ],
    [
      '552 after the message',
      { message: '552 5.3.4 Message size exceeds fixed limit' },
      { ...refused(true, /refused the message: 552 5\.3\.4/), perhapsPictures: true },
    ],
    [
      'a sender that may not send as EMAIL_FROM says',
      { message: '550 5.7.60 SMTP; Client does not have permissions to send as this sender' },
      refused(true, /refused the message: 550 5\.7\.60 .*EMAIL_FROM must be/),
    ],
    [
      'a refusal after the message that is cut',
      { message: { cut: '554 5.7.1 Message rej' } },
      refused(true, /554 5\.7\.1/),
    ],
    [
      'a recipient refused, and 354 all the same',
      { ...GMAIL, RCPT: '550 5.1.1 No such user', message: '554 5.5.1 No valid recipients' },
      refused(true, /550 5\.1\.1/),
    ],
    [
      'a recipient refused, 354, and a reset',
      { ...GMAIL, RCPT: '550 5.1.1 No such user', message: 'reset' },
      expect.objectContaining({ state: 'refused' }),
    ],
    // After it nobody can know.
    ['a reset after 354', { message: 'reset' }, maybe],
    ['a close after 354', { message: 'close' }, maybe],
    ['silence after the message', { message: 'silence' }, maybe],
    ['half of a good reply', { message: { cut: '25' } }, maybe],
    ['the first line of a good reply', { message: { cut: '250-2.0.0 OK' } }, maybe],
    ["half of a refusal's code", { message: { cut: '55' } }, maybe],
    ['250 in place of 354, then a reset', { DATA: '250 OK, go on', message: 'reset' }, maybe],
    ['a reset after 354 where commands go together', { ...GMAIL, message: 'reset' }, maybe],
  ])('%s', async (_, script, result) => {
    const { channel } = await scripted(script);
    expect(await channel.send(outgoing())).toEqual(result);
  });

  test('a server that thinks long after the message has taken it', async () => {
    const smtp = await start();
    const slow = channelOf(smtp, ANN, 2000);
    smtp.delayAnswer = 200;
    expect(await slow.send(outgoing())).toMatchObject({ state: 'sent' });
  });

  test('letters beyond ASCII in an address go to a server that takes them, and to no other', async () => {
    const to = 'jürgen@example.org';
    const good = await scripted(GMAIL, { to });
    expect(await good.channel.send(outgoing())).toMatchObject({ state: 'sent' });
    expect(good.smtp.commands).toContain('MAIL FROM:<bell@example.org> SMTPUTF8');
    const bad = await scripted({}, { to });
    const words = /no SMTPUTF8.*jürgen@example\.org/;
    expect(await bad.channel.send(outgoing())).toMatchObject(refused(true, words));
    await expect(bad.channel.test()).rejects.toThrow(words);
  });

  test.each([
    [
      Object.assign(
        new AggregateError(
          [new Error('connect ECONNREFUSED ::1:587'), new Error('connect ECONNREFUSED 127.0.0.1:587')],
          '',
        ),
        { code: 'ESOCKET', originalCode: 'ECONNREFUSED' },
      ),
      busy(/cannot be reached: connect ECONNREFUSED ::1:587; connect ECONNREFUSED 127/),
    ],
    [
      Object.assign(new AggregateError([], ''), { code: 'ESOCKET', originalCode: 'ETIMEDOUT' }),
      busy(/cannot be reached: ETIMEDOUT$/),
    ],
    [
      Object.assign(new Error('getaddrinfo ENOTFOUND mail.invalid'), { code: 'EDNS' }),
      busy(/no address of its name is found: getaddrinfo ENOTFOUND mail\.invalid/),
    ],
    [
      Object.assign(new Error('queryA ETIMEOUT mail.example.com'), { code: 'EDNS' }),
      busy(/no address of its name is found/),
    ],
    [
      Object.assign(new Error('self-signed certificate'), {
        code: 'ESOCKET',
        originalCode: 'DEPTH_ZERO_SELF_SIGNED_CERT',
      }),
      refused(false, /certificate is not trusted: self-signed certificate; .*NODE_EXTRA_CA_CERTS/),
    ],
    [
      Object.assign(new Error('certificate has expired'), { code: 'ESOCKET', originalCode: 'CERT_HAS_EXPIRED' }),
      refused(false, /certificate is not trusted: certificate has expired/),
    ],
    [
      Object.assign(new Error("Hostname/IP does not match certificate's altnames"), {
        code: 'ESOCKET',
        originalCode: 'ERR_TLS_CERT_ALTNAME_INVALID',
      }),
      refused(false, /must name the host as its certificate does/),
    ],
    [Object.assign(new Error('Connection closed unexpectedly'), { code: 'ETLS' }), busy(/broke/)],
    [
      Object.assign(new Error('x: 454 4.7.0 TLS not available due to local problem'), {
        code: 'ETLS',
        responseCode: 454,
        response: '454 4.7.0 TLS not available due to local problem',
      }),
      busy(/cannot begin TLS now: 454/),
    ],
    [
      Object.assign(new Error('x: 502 5.5.1 Unrecognized command'), {
        code: 'ETLS',
        responseCode: 502,
        response: '502 5.5.1 Unrecognized command',
      }),
      refused(true, /offers no STARTTLS/),
    ],
    [
      Object.assign(new Error('Greeting never received'), { code: 'ETIMEDOUT' }),
      busy(/mail\.example\.com:465 does not answer in time; port 465 needs smtps:/),
    ],
  ])('%s', (error, result) => {
    expect(resultOf(error, false, { url: 'smtp://user:secret@mail.example.com:465' })).toMatchObject(result);
  });
});

describe('a connection that is kept for the next message', () => {
  const create = async (script: Script) => {
    const smtp = await useStandIn(startScriptedSmtp(script));
    const smtpUrl = `smtp://user:secret@127.0.0.1:${smtp.port}?ignoreTLS=true`;
    const server = createMailServer(smtpUrl, 300);
    const channel = createEmailChannel({ smtpUrl, from: FROM, to: [ANN] }, ANN, 300, server);
    return { smtp, server, channel };
  };

  test('carries it, and ends with QUIT', async () => {
    const { smtp, server, channel } = await create({});
    for (let message = 0; message < 3; message++)
      expect(await channel.send(outgoing())).toMatchObject({ state: 'sent' });
    await server.rest();
    expect(smtp.connections).toBe(1);
    expect(smtp.commands.at(-1)).toBe('QUIT');
  });

  test('goes on after a refusal, from a clean start', async () => {
    const { smtp, channel } = await create({ RCPT: ['550 5.1.1 no', '250 OK'] });
    expect(await channel.send(outgoing())).toMatchObject({ state: 'refused' });
    expect(await channel.send(outgoing())).toMatchObject({ state: 'sent' });
    expect(smtp.connections).toBe(1);
    expect(smtp.commands).toContain('RSET');
  });

  test.each<Reply>(['421 4.7.0 too many messages', 'close', 'reset', 'silence'])(
    'that meets %j before the next message is made anew, and nobody notices',
    async (reply) => {
      const { smtp, channel } = await create({ MAIL: ['250 OK', reply] });
      expect(await channel.send(outgoing())).toMatchObject({ state: 'sent' });
      expect(await channel.send(outgoing())).toMatchObject({ state: 'sent' });
      expect(smtp.connections).toBe(2);
    },
  );

  test.each<Reply>(['close', 'reset', 'silence'])(
    'that meets %j after the next message is not: it may have been taken',
    async (reply) => {
      const { smtp, channel } = await create({ message: ['250 OK', reply] });
      expect(await channel.send(outgoing())).toMatchObject({ state: 'sent' });
      expect(await channel.send(outgoing())).toMatchObject(maybe);
      expect(smtp.connections).toBe(1);
      // What the first message saw says nothing of the next one.
      expect(await channel.send(outgoing())).toMatchObject({ state: 'sent' });
    },
  );
});

test('the mark of its settings changes with server, login and sender', () => {
  const settings = { smtpUrl: 'smtp://user:a@127.0.0.1', from: FROM, to: [ANN] };
  const changes = [{}, { smtpUrl: 'smtp://user:b@127.0.0.1' }, { from: 'bell@example.com' }];
  const marks = changes.map((change) => createEmailChannel({ ...settings, ...change }, ANN).fingerprint);
  expect(new Set(marks).size).toBe(3);
  expect(createEmailChannel({ ...settings }, ANN).fingerprint).toBe(marks[0]);
});
