import { type ConnectionLimit, type SmtpFault, startSmtp } from '../support/smtp-server.ts';
import type { Story } from '../support/story.ts';
import { BELIEVED, type Expectation, type Fault } from './fault.ts';

const words = (text: string, who = 'ann') => new RegExp(`^Delivery .* to email:${who}@example.com: .*${text}`);

/** Surely not taken: Discord has it, mail gets it as soon as it works. */
const refused = (printed: RegExp, tries: readonly [number, number], arrives = 2): Expectation => ({
  printed,
  code: 1,
  stored: BELIEVED,
  arrives: { ann: arrives, bob: arrives },
  tries,
});

function answers(fault: SmtpFault): Fault['strike'] {
  return ({ smtp }: Story) => {
    smtp.fault = () => fault;
    return () => {
      smtp.fault = undefined;
    };
  };
}

/** The server takes one connection at a time. */
function takesOne(over: ConnectionLimit['over']): Fault['strike'] {
  return async (story) => {
    const port = Number(new URL(story.smtp.url).port);
    await story.smtp.close();
    Object.assign(story, { smtp: await startSmtp({ port, limit: { connections: 1, over } }) });
    return () => {};
  };
}

/** Nobody notices. */
const unnoticed: Expectation = { printed: null, code: 0, stored: BELIEVED };

const everyone = (code: number) => ({ recipients: { 'ann@example.com': code, 'bob@example.com': code } });

export const SMTP_FAULTS: readonly Fault[] = [
  {
    service: 'SMTP',
    what: 'nobody listens',
    strike: async (story) => {
      const { port } = new URL(story.smtp.url);
      await story.smtp.close();
      return async () => {
        Object.assign(story, { smtp: await startSmtp({ port: Number(port) }) });
      };
    },
    // Tried again in the same run: each recipient gets one more turn before the server is left alone.
    expect: refused(words('pending .*the mail server cannot be reached: .*ECONNREFUSED'), [2, 2]),
  },
  {
    service: 'SMTP',
    what: 'no TLS where it is required, until SMTP_URL says ignoreTLS=true',
    strike: (story) => {
      const { SMTP_URL = '' } = story.environment;
      story.configure({ SMTP_URL: SMTP_URL.replace('?ignoreTLS=true', '') });
      return () => story.configure({ SMTP_URL });
    },
    expect: refused(words('failed .*offers no STARTTLS; use smtps://'), [1, 1]),
  },
  {
    service: 'SMTP',
    what: 'bad login, until the password is mended',
    strike: (story) => {
      const { SMTP_URL = '' } = story.environment;
      story.configure({ SMTP_URL: SMTP_URL.replace('user:secret', 'user:old') });
      return () => story.configure({ SMTP_URL });
    },
    expect: refused(words('failed .*refused the login .*check user and password in SMTP_URL'), [1, 1]),
  },
  {
    service: 'SMTP',
    what: 'greylisting: 451 for every recipient',
    strike: answers(everyone(451)),
    mended: 1,
    expect: refused(words('pending .*451'), [1, 1], 1),
  },
  {
    service: 'SMTP',
    what: '550 for every recipient',
    strike: answers(everyone(550)),
    expect: refused(words('failed .*550'), [1, 1]),
  },
  {
    service: 'SMTP',
    what: '421 at the greeting',
    strike: answers({ connect: 421 }),
    expect: refused(words('pending .*421'), [2, 2]),
  },
  {
    service: 'SMTP',
    what: '550 after the message',
    strike: answers({ data: 550 }),
    expect: refused(words('failed .*550'), [1, 1]),
  },
  {
    service: 'SMTP',
    what: '552 for mails with pictures',
    strike: (story, posting) => {
      story.pictures = true;
      return answers({ withFiles: 552 })(story, posting);
    },
    expect: { printed: null, code: 0, stored: BELIEVED, tries: [1, 0] },
  },
  {
    service: 'SMTP',
    what: 'one of two recipients refused',
    strike: answers({ recipients: { 'bob@example.com': 550 } }),
    expect: {
      printed: words('failed .*550', 'bob'),
      code: 1,
      stored: BELIEVED,
      arrives: { bob: 2 },
      tries: [1, 1],
    },
  },
  {
    service: 'SMTP',
    what: 'drop before 354',
    strike: answers('drop-before-data'),
    expect: refused(words('pending '), [2, 2]),
  },
  {
    service: 'SMTP',
    what: 'drop in the middle of the message',
    strike: answers('drop-in-data'),
    mended: 1,
    // After 354 nobody can know; the mail that comes says so.
    expect: { ...refused(words('unknown '), [1, 0], 2), marked: ['ann', 'bob'] },
  },
  {
    service: 'SMTP',
    what: 'drop after DATA, taken',
    strike: answers('drop-after-data'),
    mended: 1,
    expect: {
      printed: words('unknown .*broke after the message was handed over'),
      code: 1,
      stored: BELIEVED,
      copies: { ann: 2, bob: 2 },
      tries: [1, 0],
    },
  },
  {
    service: 'SMTP',
    what: 'no greeting',
    timeout: 400,
    strike: answers('stall'),
    expect: refused(words('pending .*cannot be reached: .* does not answer in time'), [2, 2]),
  },
  {
    service: 'SMTP',
    what: 'taken, and no answer',
    timeout: 400,
    strike: answers('stall-after-data'),
    mended: 1,
    expect: {
      printed: words('unknown .*broke after the message was handed over'),
      code: 1,
      stored: BELIEVED,
      copies: { ann: 2, bob: 2 },
      tries: [1, 0],
    },
  },
  ...(['421', 'reset', '432'] as const).map(
    (over): Fault => ({
      service: 'SMTP',
      what: `a second connection at once gets ${over === 'reset' ? 'a reset' : over}`,
      strike: takesOne(over),
      expect: unnoticed,
    }),
  ),
  {
    service: 'SMTP',
    what: 'a second connection at once hangs',
    timeout: 400,
    strike: takesOne('hang'),
    expect: unnoticed,
  },
  {
    service: 'SMTP',
    what: 'too much mail: 450 for the sender',
    strike: answers({ sender: '450 4.7.1 Error: too much mail from 127.0.0.1' }),
    mended: 1,
    expect: refused(words('pending .*450 4.7.1 Error: too much mail'), [2, 1], 1),
  },
  {
    service: 'SMTP',
    what: 'passwords switched off',
    strike: answers({ login: '535 5.7.139 Authentication unsuccessful, basic authentication is disabled.' }),
    expect: refused(words('failed .*no longer accepts passwords .*use another mail server in SMTP_URL'), [1, 1]),
  },
  {
    service: 'SMTP',
    what: 'an app password wanted',
    strike: answers({ login: '534 5.7.9 Application-specific password required.' }),
    expect: refused(words('failed .*requires an app password'), [1, 1]),
  },
  {
    service: 'SMTP',
    what: 'a sender that the login may not use',
    strike: answers({ sender: '553 5.7.1 <bell@example.com>: Sender address rejected: not owned by user user' }),
    expect: refused(words('failed .*refused the sender.*EMAIL_FROM must be'), [1, 1]),
  },
];
