import { createTransport, type SendMailOptions } from 'nodemailer';
import { expect, test } from 'vitest';
import { type SmtpFault, type SmtpOptions, type SmtpStandIn, startSmtp } from './smtp-server.ts';
import { useStandIn } from './temporary.ts';

const MAIL = { from: 'Bell <bell@example.org>', to: 'ann@example.org', subject: 'Record', text: 'It rang.' };
const start = (options?: SmtpOptions) => useStandIn(startSmtp(options));

/** Sends with the real client; `gotData` tells afterwards whether the server was ready for the message (354). */
function sender(smtp: SmtpStandIn, url = smtp.url, timeout = 2000) {
  let gotData = false;
  const ignore = () => {};
  const watch = ({ tnx }: { tnx: string }, text: string) => {
    if (tnx === 'server' && text.startsWith('354')) gotData = true;
  };
  const logger = {
    trace: ignore,
    debug: watch,
    info: ignore,
    warn: ignore,
    error: ignore,
    fatal: ignore,
    level: ignore,
  };
  const timeouts = { connectionTimeout: 2000, greetingTimeout: timeout, socketTimeout: timeout };
  const transport = createTransport({ url, ...timeouts, logger, transactionLog: true });
  return {
    send: (mail: Partial<SendMailOptions> = {}) => transport.sendMail({ ...MAIL, ...mail }),
    gotData: () => gotData,
  };
}

test('takes a message: parsed, with envelope and source', async () => {
  const smtp = await start();
  const html = '<img src="cid:record" alt="chart">';
  const attachments = [{ filename: 'record.png', content: Buffer.from('picture'), cid: 'record' }];
  const headers = { inReplyTo: '<first@bell>', references: '<first@bell>' };
  await sender(smtp).send({ html, attachments, messageId: '<id@bell>', ...headers });
  expect(smtp.messages).toMatchObject([
    {
      envelope: { from: 'bell@example.org', to: ['ann@example.org'] },
      subject: 'Record',
      messageId: '<id@bell>',
      inReplyTo: '<first@bell>',
      html,
      attachments: [{ filename: 'record.png', cid: 'record', size: 7 }],
      raw: expect.stringContaining('Subject: Record\r\n'),
    },
  ]);
  expect(smtp.messages[0]?.text?.trim()).toBe('It rang.');
});

test.each([{ auth: false }, { starttls: true }, { auth: false, starttls: true }])(
  'takes a message with %j',
  async (options) => {
    const smtp = await start(options);
    await sender(smtp).send();
    expect(smtp.messages).toHaveLength(1);
  },
);

test('refuses a wrong and a missing login', async () => {
  const smtp = await start();
  const wrong = sender(smtp, smtp.url.replace('secret', 'guessed')).send();
  await expect(wrong).rejects.toMatchObject({ code: 'EAUTH', responseCode: 535, permanent: true });
  const missing = sender(smtp, smtp.url.replace('user:secret@', '')).send();
  await expect(missing).rejects.toMatchObject({ code: 'EENVELOPE', command: 'MAIL FROM', responseCode: 530 });
});

test('a client that requires STARTTLS gets ETLS where there is none', async () => {
  const smtp = await start();
  const sending = sender(smtp, smtp.url.replace('ignoreTLS', 'requireTLS')).send();
  await expect(sending).rejects.toMatchObject({ code: 'ETLS', command: 'STARTTLS' });
});

test('a client that checks certificates does not trust the one of STARTTLS', async () => {
  const smtp = await start({ starttls: true });
  const sending = sender(smtp, smtp.url.replace(/\?.*/, '')).send();
  await expect(sending).rejects.toMatchObject({ code: 'ESOCKET', message: expect.stringContaining('certificate') });
});

const DROPPED = { code: 'ECONNECTION', command: 'CONN', message: 'Connection closed unexpectedly' };
const ANN = 'ann@example.org';
const FAULTS: [fault: SmtpFault, taken: number, gotData: boolean, error: object][] = [
  [{ connect: 421 }, 0, false, { code: 'EPROTOCOL', command: 'CONN', responseCode: 421, permanent: false }],
  [{ connect: 554 }, 0, false, { code: 'EPROTOCOL', command: 'CONN', responseCode: 554, permanent: true }],
  [{ login: 454 }, 0, false, { code: 'EAUTH', responseCode: 454, permanent: false }],
  [
    { recipients: { [ANN]: 451 } },
    0,
    false,
    { code: 'EENVELOPE', command: 'RCPT TO', responseCode: 451, permanent: false },
  ],
  [
    { recipients: { [ANN]: 550 } },
    0,
    false,
    { code: 'EENVELOPE', command: 'RCPT TO', responseCode: 550, permanent: true },
  ],
  [{ data: 451 }, 0, true, { code: 'EMESSAGE', command: 'DATA', responseCode: 451, permanent: false }],
  [{ data: 550 }, 0, true, { code: 'EMESSAGE', command: 'DATA', responseCode: 550, permanent: true }],
  ['stall', 0, false, { code: 'ETIMEDOUT', command: 'CONN' }],
  ['drop-before-data', 0, false, DROPPED],
  ['drop-in-data', 0, true, DROPPED],
  ['drop-after-data', 1, true, DROPPED],
  ['stall-after-data', 1, true, { code: 'ETIMEDOUT', command: 'CONN' }],
];

test.each(FAULTS)('fault %j reaches the client', async (fault, taken, gotData, error) => {
  const smtp = await start();
  smtp.fault = ({ count }) => (count === 1 ? fault : undefined);
  const first = sender(smtp, smtp.url, String(fault).startsWith('stall') ? 40 : 2000);
  await expect(first.send()).rejects.toMatchObject(error);
  expect(first.gotData()).toBe(gotData);
  expect(smtp.messages).toHaveLength(taken);
  await sender(smtp).send();
  expect(smtp.messages).toHaveLength(taken + 1);
  expect(smtp.connections).toBe(2);
});

test('one of two recipients refused is a success that names it', async () => {
  const smtp = await start();
  smtp.fault = () => ({ recipients: { 'bob@example.org': 550 } });
  const info = await sender(smtp).send({ to: 'ann@example.org, bob@example.org' });
  expect(info).toMatchObject({ accepted: ['ann@example.org'], rejected: ['bob@example.org'] });
  expect(smtp.messages).toMatchObject([{ envelope: { to: ['ann@example.org'] } }]);
});
