import { expect, test } from 'vitest';
import { createEmailChannel, shareMail } from '../../../src/channel/email/transport.ts';
import type { Outgoing, Picture } from '../../../src/message/message.ts';
import { exampleMessage, outgoing } from '../../support/examples.ts';
import { type ReceivedMail, startSmtp } from '../../support/smtp-server.ts';
import { useStandIn } from '../../support/temporary.ts';
import { FROM } from './mail.ts';

const PICTURES: Picture[] = [
  { name: 'record', alt: 'a', png: Buffer.alloc(200_000, 'A picture.'), dark: Buffer.alloc(1) },
  { name: 'outcomes', alt: 'b', png: Buffer.from([0, 1, 2]) },
];
const PEOPLE = [
  'ann@example.org',
  'a.very.long.name.of.somebody+with.a.tag.that.goes.on@mail.example.org',
  'zoë@müller.example',
];

/** Sends to each of some people as a run does, so that they share what is the same. */
async function sentTo(people: readonly string[], ...all: Outgoing[]): Promise<ReceivedMail[]> {
  const smtp = await useStandIn(startSmtp());
  const settings = { smtpUrl: smtp.url, from: FROM, to: people };
  const shared = shareMail(settings);
  for (const one of all) {
    for (const each of people) {
      expect(await createEmailChannel(settings, each, 5000, shared).send(one)).toMatchObject({ state: 'sent' });
    }
  }
  await shared.server.rest();
  return smtp.messages;
}

/** A mail without what must differ: the stamp and the boundaries of its parts. */
const bare = ({ raw }: ReceivedMail) => raw.replace(/^Date: .*\r\n/m, '').replace(/--_NmP-[\w-]+/g, '--boundary');

test('a mail that shares its body with others is the same as one that is sent alone', async () => {
  const one = outgoing(exampleMessage(), { pictures: PICTURES });
  const together = await sentTo(PEOPLE, one);
  const alone = (await Promise.all(PEOPLE.map((each) => sentTo([each], one)))).flat();
  expect(together.map(bare)).toEqual(alone.map(bare));
  for (const [at, { text, html, to, attachments }] of together.entries()) {
    const others = PEOPLE.filter((each) => each !== PEOPLE[at]);
    const all = `${text}${html}${JSON.stringify(to)}`;
    expect(all).toContain(`npm run pause email:${PEOPLE[at]}`);
    for (const other of others) expect(all).not.toContain(other);
    expect(attachments.map(({ content }) => content.length)).toEqual([200_000, 1, 3]);
    expect(attachments[0]?.content.equals(Buffer.from(PICTURES[0]?.png ?? []))).toBe(true);
  }
});

test('no line is longer than a mail may have, and lines that begin with a dot arrive', async () => {
  const dots = '. one .. two\n.\n...three';
  const long = 'x'.repeat(3000);
  const [mail] = await sentTo(PEOPLE.slice(1, 2), outgoing(exampleMessage({ lead: dots, notes: [long] })));
  expect(mail?.text?.split('\n')).toEqual(expect.arrayContaining(dots.split('\n')));
  expect(mail?.text).toContain(long);
  const lines = mail?.raw.split('\r\n') ?? [];
  // RFC 5322, section 2.1.1, and RFC 2045, section 6.7, for what is encoded.
  expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(998);
  const body = mail?.raw.slice(mail.raw.indexOf('\r\n\r\n')).split('\r\n') ?? [];
  expect(Math.max(...body.map(({ length }) => length))).toBeLessThanOrEqual(76);
});

test('another form of the same message is another body: a repeat, words alone, a page', async () => {
  const message = exampleMessage();
  const page = 'https://bell.example.com/occasion';
  const mails = await sentTo(
    PEOPLE.slice(0, 1),
    outgoing(message, { pictures: PICTURES }),
    outgoing(message, { pictures: PICTURES, repeat: true }),
    outgoing(message, { lacking: 'not taken' }),
    outgoing(message, { pictures: PICTURES, page }),
  );
  const said = (words: string) => mails.map(({ text }) => text?.includes(words));
  expect(said('This may be a repeat')).toEqual([false, true, false, false]);
  expect(said('The attachments were refused')).toEqual([false, false, true, false]);
  expect(said(page)).toEqual([false, false, false, true]);
  expect(mails.map(({ attachments }) => attachments.length)).toEqual([3, 3, 0, 3]);
});
