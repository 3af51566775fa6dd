import { describe, expect, test } from 'vitest';
import { resultOf } from '../../../src/channel/email/smtp-result.ts';
import { outgoing } from '../../support/examples.ts';
import type { Script } from '../../support/smtp-script.ts';
import type { SmtpFault } from '../../support/smtp-server.ts';
import { ANN, busy, channelOf, GMAIL, maybe, refused, scripted, start } from './mail.ts';

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
      refused(false, /127\.0\.0\.1:\d+ is not a mail server; it says: HTTP\/1\.1 400 Bad Request$/),
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
    [
      "Gmail's daily limit after the message",
      { message: '550 5.4.5 Daily user sending limit exceeded. For more information go to https://support.google.com' },
      busy(/^the mail server refused it for now: 550 5\.4\.5 Daily/),
    ],
    [
      "cPanel's hourly limit",
      {
        RCPT: '550 Domain example.com has exceeded the max emails per hour (500/500 (100%)) allowed. Message discarded.',
      },
      busy(/max emails per hour/),
    ],
    [
      "Exchange Online's limit",
      {
        message: '554 5.2.0 STOREDRV.Submission.Exception:SubmissionQuotaExceededException; Failed to process message',
      },
      busy(/SubmissionQuota/),
    ],
    [
      'a full mailbox for good',
      { RCPT: '552 5.2.2 The email account that you tried to reach is over quota.' },
      refused(true, /refused the recipient: 552 5\.2\.2/),
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
    busy(/its name has no address: getaddrinfo ENOTFOUND mail\.invalid/),
  ],
  [Object.assign(new Error('queryA ETIMEOUT mail.example.com'), { code: 'EDNS' }), busy(/its name has no address/)],
  [
    Object.assign(new Error('self-signed certificate'), {
      code: 'ESOCKET',
      originalCode: 'DEPTH_ZERO_SELF_SIGNED_CERT',
    }),
    refused(false, /certificate is not trusted: self-signed certificate; .*SMTP_CA_FILE=/),
  ],
  [
    Object.assign(new Error('certificate has expired'), { code: 'ESOCKET', originalCode: 'CERT_HAS_EXPIRED' }),
    refused(false, /certificate is not trusted: certificate has expired; the operator of the server must renew it$/),
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
    busy(/cannot start TLS now: 454/),
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
