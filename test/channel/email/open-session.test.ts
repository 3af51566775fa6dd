import { describe, expect, test } from 'vitest';
import { outgoing } from '../../support/examples.ts';
import type { Script } from '../../support/smtp-script.ts';
import { ANN, channelOf, GMAIL, outlook, refused, scripted, start } from './mail.ts';

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

/** AUTH LOGIN as servers ask for it: user, password, then the answer. */
function answersToLogin(answer: string): Script {
  return { AUTH: '334 VXNlcm5hbWU6', login: ['334 UGFzc3dvcmQ6', answer] };
}

const LOGIN_OFF =
  '535 5.7.139 Authentication unsuccessful, basic authentication is disabled. [PN0PR01CA0024.INDPRD01.PROD.OUTLOOK.COM]';
const TENANT_OFF =
  '535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Tenant. Visit https://aka.ms/smtp_auth_disabled for more information. [MN2PR05CA0004.namprd05.prod.outlook.com]';
const NO_PASSWORDS = /no longer accepts passwords .*use another mail server in SMTP_URL/;

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
      /^the mail server refused the login \(534 5\.7\.9 Application-specific password required\. For more information, go to https:\S+ .*app password: create one/,
    ],
    [
      'a wrong password',
      {
        ...GMAIL,
        AUTH: '535-5.7.8 Username and Password not accepted. Learn more at\n535 5.7.8  https://support.google.com/mail/answer/14257 j88sm1532869qgf.7 - gsmtp',
      },
      /check user and password in SMTP_URL \(many providers require an app password/,
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
    const words = /requires a login but offers none at 127\.0\.0\.1:\d+: 530 5\.7\.57 .*try its port 587 or 465/;
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
    const words =
      /requires a login: 530 5\.7\.0 Authentication Required\. .*SMTP_URL takes smtp:\/\/user:password@host/;
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
