import { expect, test } from 'vitest';
import { NO_CHANNELS } from '../../src/channel/channel-settings.ts';
import { createChannels } from '../../src/channel/channels.ts';
import { fileOf } from '../support/file-of.ts';
import { type SmtpOptions, type SmtpStandIn, startSmtp } from '../support/smtp-server.ts';
import { EVENT, SEP_17, SEP_18, type Story, startStory } from '../support/story.ts';
import { useStandIn } from '../support/temporary.ts';

const people = (count: number) => Array.from({ length: count }, (_, at) => `p${at}@example.com`);

/** The evening of an event with many recipients; the server is the one whose options are given. */
async function eveningOf(count: number, options: SmtpOptions): Promise<{ story: Story; smtp: SmtpStandIn }> {
  const smtp = await useStandIn(startSmtp(options));
  const quick = 'connectionTimeout=300&greetingTimeout=300';
  const story = await startStory({ SMTP_URL: `${smtp.url}&${quick}`, EMAIL_TO: people(count).join(', ') });
  await story.check(SEP_17);
  return { story, smtp };
}

const recipients = ({ messages }: SmtpStandIn) => messages.flatMap(({ envelope }) => envelope.to).sort();

const SERVERS: [string, SmtpOptions][] = [
  ['any number of connections', {}],
  ['three at once, 421 for one more', { limit: { connections: 3, over: '421' } }],
  ['three at once, and hangs one more', { limit: { connections: 3, over: 'hang' } }],
  ['three at once, and resets one more', { limit: { connections: 3, over: 'reset' } }],
  ['three at once, 432 for the message of one more', { limit: { connections: 3, over: '432' } }],
  ['one at once, 421 for one more', { limit: { connections: 1, over: '421' } }],
  ['one at once, and hangs one more', { limit: { connections: 1, over: 'hang' } }],
  ['one at once, and resets one more', { limit: { connections: 1, over: 'reset' } }],
  ['one at once, 432 for the message of one more', { limit: { connections: 1, over: '432' } }],
  ['five messages a connection', { messagesPerConnection: 5 }],
  ['one message a connection', { messagesPerConnection: 1 }],
];

test.each([
  ...SERVERS.map(([takes, options]) => [12, takes, options] as const),
  ...SERVERS.filter((_, at) => [1, 5, 6].includes(at)).map(([takes, options]) => [60, takes, options] as const),
])('%i recipients all have the alert in one run from a server that takes %s', async (count, _, options) => {
  const { story, smtp } = await eveningOf(count, options);
  const { deliveries, problems } = await story.check(SEP_18);
  expect(deliveries.filter(({ state }) => state !== 'sent')).toEqual([]);
  expect(problems).toEqual([]);
  expect(recipients(smtp)).toEqual(people(count).sort());
  expect(smtp.mostAtOnce).toBeLessThanOrEqual(4);
});

test('a connection carries ten messages, with one login', async () => {
  const { story, smtp } = await eveningOf(20, {});
  await story.check(SEP_18);
  expect([smtp.connections, smtp.logins]).toEqual([2, 2]);
});

test.each([
  ['421 for the sender', { sender: '421 4.7.0 Try again later, closing connection.' }],
  ['450 for the sender', { sender: '450 4.7.1 Error: too much mail from 127.0.0.1' }],
  ['452 for the sender', { sender: '452 4.3.1 Insufficient system resources' }],
  ['451 after the message', { data: '451 4.7.1 Please slow down' }],
  ['454 after the message', { data: '454 Throttling failure: Maximum sending rate exceeded.' }],
])('a server that slows down after 5 messages with %s loses nobody, and tells nobody twice', async (_, refusal) => {
  const { story, smtp } = await eveningOf(12, {});
  smtp.fault = () => (smtp.messages.length < 5 ? undefined : refusal);
  smtp.watch = (step) => {
    // The fault is asked for once a connection; the refusal must also come in the middle of one.
    if (step === 'taken' && smtp.messages.length === 5) smtp.dropAll();
  };
  const evening = await story.check(SEP_18);
  const open = evening.deliveries.filter(({ state }) => state === 'pending');
  expect(open.length).toBeGreaterThanOrEqual(6);
  for (const { reason } of open) expect(reason).toMatch(/slow down|refused it for now|not tried in this run/);
  smtp.fault = undefined;
  smtp.watch = undefined;
  const later = await story.check('2025-09-18T21:30:00Z');
  expect(later.deliveries.filter(({ state }) => state === 'pending')).toEqual([]);
  expect(new Set(recipients(smtp)).size).toBe(12);
});

test('only those at work are claimed: who waits for a turn has not begun', async () => {
  const { story, smtp } = await eveningOf(12, {});
  const sending: number[] = [];
  story.prepare = (app) => {
    const count = fileOf(app).prepare(
      "select count(*) from deliveries where state = 'sending' and channel like 'email:%'",
    );
    smtp.watch = (step) => {
      if (step === 'data') sending.push(count.pluck().get() as number);
    };
  };
  await story.check(SEP_18);
  expect(sending).toHaveLength(12);
  expect(Math.max(...sending)).toBeLessThanOrEqual(2);
});

test('Discord does not wait for sixty recipients whose server hangs', async () => {
  const { story, smtp } = await eveningOf(60, { limit: { connections: 0, over: 'hang' } });
  let connections = -1;
  const at = story.discord.fault;
  story.discord.fault = (request) => {
    connections = smtp.connections;
    return at?.(request);
  };
  const { deliveries } = await story.check(SEP_18);
  expect(deliveries.find(({ channel }) => channel === 'discord-webhook')).toMatchObject({ state: 'sent' });
  expect(connections).toBeLessThanOrEqual(2);
  // The server is left alone after a few; those whose turn did not come are said to be untried.
  expect(smtp.connections).toBeLessThanOrEqual(4);
  const untried = deliveries.filter(({ attempts, channel }) => attempts === 0 && channel.startsWith('email:'));
  expect(untried).toHaveLength(56);
  for (const { state, reason } of untried)
    expect([state, reason]).toEqual(['pending', expect.stringMatching(/not tried in this run/)]);
});

test('who had no turn is first in the next run', async () => {
  const { story, smtp } = await eveningOf(12, {});
  smtp.fault = () => ({ connect: 421 });
  const tried = async (instant: string) => {
    const { deliveries } = await story.check(instant);
    return deliveries.filter(({ attempts, channel }) => attempts > 0 && channel.startsWith('email:')).length;
  };
  expect(await tried(SEP_18)).toBe(4);
  expect(await tried('2025-09-18T21:30:00Z')).toBe(8);
  expect(await tried('2025-09-18T22:30:00Z')).toBe(12);
});

test('the tests of all recipients at once share one connection and one login', async () => {
  const smtp = await useStandIn(startSmtp({ limit: { connections: 1, over: '421' } }));
  const email = { smtpUrl: smtp.url, from: 'Bell <bell@example.com>', to: people(60) };
  const channels = await createChannels({ ...NO_CHANNELS, email }, 2000);
  const lines = await Promise.all(channels.map((channel) => channel.test()));
  expect(lines).toEqual(people(60).map((each) => `${new URL(smtp.url).host} accepts the login, and mail to ${each}`));
  expect([smtp.connections, smtp.logins, smtp.messages.length]).toEqual([1, 1, 0]);
});

test(`the event is ${EVENT} for every recipient, and the Message-IDs differ`, async () => {
  const { story, smtp } = await eveningOf(12, {});
  await story.check(SEP_18);
  expect(new Set(smtp.messages.map(({ headers }) => headers.get('x-breakout-bell-id')))).toEqual(
    new Set([`${EVENT}/alert`]),
  );
  expect(new Set(smtp.messages.map(({ messageId }) => messageId)).size).toBe(12);
});

test('a limit of the sender, told after the message, does not cost it its pictures, nor sixty attempts', async () => {
  const { story, smtp } = await eveningOf(60, {});
  smtp.fault = () => ({ data: '454 Throttling failure: Daily message quota exceeded.' });
  story.prepare = (app) => {
    const png = Buffer.from('iVBORw0KGgo=', 'base64');
    Object.assign(app, { draw: async () => [{ name: 'record', png, alt: 'a picture' }] });
  };
  const { deliveries } = await story.check(SEP_18);
  const tried = deliveries.filter(({ attempts, channel }) => attempts > 0 && channel.startsWith('email:'));
  expect(tried).toHaveLength(4);
  smtp.fault = undefined;
  await story.check('2025-09-18T21:30:00Z');
  expect(smtp.messages).toHaveLength(60);
  for (const { attachments } of smtp.messages) expect(attachments).toHaveLength(1);
});
