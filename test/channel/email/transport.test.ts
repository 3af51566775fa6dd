import { describe, expect, test } from 'vitest';
import { messageIdOf } from '../../../src/channel/email/message-id.ts';
import { createEmailChannel } from '../../../src/channel/email/transport.ts';
import { renderHtml } from '../../../src/render/email-html.ts';
import { renderText } from '../../../src/render/text.ts';
import { exampleMessage, outgoing } from '../../support/examples.ts';
import { type SmtpFault, startSmtp } from '../../support/smtp-server.ts';
import { useStandIn } from '../../support/temporary.ts';
import { ANN, BOB, channelOf, FROM, refused, start, unknown } from './mail.ts';

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
    // A busy machine takes its time for what comes before the silence.
    const timeout = fault === 'stall' ? 50 : fault === 'stall-after-data' ? 500 : 5000;
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
  const howToStop = `Sent to ${ANN}. To stop, write to bell@example.org, or where Breakout Bell runs: npm run pause email:${ANN}`;
  const sent = outgoing(exampleMessage({ footer: [...footer, howToStop] }));
  expect(mail?.text?.trim()).toBe(renderText(sent).trim());
  expect(mail?.html).toBe(renderHtml(sent));
  expect(mail?.headers.get('auto-submitted')).toBe('auto-generated');
  expect(mail?.headers.get('x-breakout-bell-id')).toBe('russell-2000/2025-09-18/alert');
  expect(mail?.headers.get('list')).toMatchObject({
    id: { id: 'breakout-bell.example.org' },
    unsubscribe: { mail: 'bell@example.org?subject=Unsubscribe%20ann%40example.org' },
  });
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

test('LIST_UNSUBSCRIBE takes the place of the sender, in the head and at the end of a mail', async () => {
  const smtp = await start();
  const settings = { smtpUrl: smtp.url, from: FROM, to: [ANN], unsubscribe: 'https://example.com/stop?list=bell' };
  await createEmailChannel(settings, ANN).send(outgoing());
  const [mail] = smtp.messages;
  expect(mail?.raw).toMatch(/^List-Unsubscribe: <https:\/\/example\.com\/stop\?list=bell>\r$/m);
  expect(mail?.raw).not.toMatch(/^List-Unsubscribe-Post:/m);
  expect(mail?.text?.replace(/\s+/g, ' ')).toContain(
    `To stop, open https://example.com/stop?list=bell, or where Breakout Bell runs: npm run pause email:${ANN}`,
  );
});

describe('the pictures of a mail', () => {
  const pictures = [
    { name: 'record', alt: 'a', png: new Uint8Array([1]), dark: new Uint8Array([2]) },
    { name: 'outcomes', alt: 'b', png: new Uint8Array([3]) },
  ] as const;
  const namedIn = (html: unknown) => [...String(html).matchAll(/"cid:([^"]+)"/g)].map(([, cid]) => cid);

  test('are parts that the HTML names one by one, and beside it only', async () => {
    const smtp = await start();
    await channelOf(smtp).send(outgoing(exampleMessage(), { pictures }));
    const [mail] = smtp.messages;
    const parts = mail?.attachments.map(({ filename, cid, contentType, contentDisposition, related, content }) => {
      return [filename, cid, contentType, contentDisposition, related, [...content]];
    });
    const cids = namedIn(mail?.html);
    expect(parts).toEqual([
      ['record.png', cids[0], 'image/png', 'inline', true, [1]],
      ['record-dark.png', cids[1], 'image/png', 'inline', true, [2]],
      ['outcomes.png', cids[2], 'image/png', 'inline', true, [3]],
    ]);
    expect(mail?.text).not.toContain('cid:');
  });

  test('have Content-IDs that no other message has, and a repeat has again', async () => {
    const smtp = await start();
    for (const id of [
      'russell-2000/2025-09-18/alert',
      'russell-2000/2025-09-18/alert',
      'drill/2025-10-01T16:00:00.000Z',
    ]) {
      await channelOf(smtp).send(outgoing(exampleMessage({ id }), { pictures, repeat: smtp.messages.length === 1 }));
    }
    const [first = [], again, other = []] = smtp.messages.map(({ html }) => namedIn(html));
    expect(again).toEqual(first);
    expect(new Set([...first, ...other]).size).toBe(6);
  });
});

test('the text alone names no picture of its own, and says where they are', async () => {
  const smtp = await start();
  await channelOf(smtp).send(outgoing(exampleMessage(), { lacking: 'not taken' }));
  expect(smtp.messages[0]?.html).not.toContain('cid:');
  expect(smtp.messages[0]?.html).toContain('The attachments were refused; the charts are on the page.');
});

test('the mark of its settings changes with server, login, sender and way to unsubscribe', () => {
  const settings = { smtpUrl: 'smtp://user:a@127.0.0.1', from: FROM, to: [ANN] };
  const changes = [
    {},
    { smtpUrl: 'smtp://user:b@127.0.0.1' },
    { from: 'bell@example.com' },
    { unsubscribe: 'mailto:stop@example.com' },
  ];
  const marks = changes.map((change) => createEmailChannel({ ...settings, ...change }, ANN).fingerprint);
  expect(new Set(marks).size).toBe(4);
  expect(createEmailChannel({ ...settings }, ANN).fingerprint).toBe(marks[0]);
});
