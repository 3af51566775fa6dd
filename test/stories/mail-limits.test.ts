import { expect, test } from 'vitest';
import { type SmtpOptions, type SmtpRefusal, startSmtp } from '../support/smtp-server.ts';
import { SEP_17, SEP_18, type Story, startStory } from '../support/story.ts';
import { useStandIn } from '../support/temporary.ts';

// What a mail server says that has enough of a sender with hundreds of readers, and what becomes of those who come after.

const READERS = 230;
const LIMIT = 200;
const HOUR_LATER = '2025-09-18T21:45:00Z';
const DAY_LATER = '2025-09-19T20:45:00Z';
const readers = Array.from({ length: READERS }, (_, at) => `reader-${at}@example.com`);

async function eveningOf(options: SmtpOptions = {}) {
  const smtp = await useStandIn(startSmtp(options));
  const story = await startStory({ SMTP_URL: smtp.url, EMAIL_TO: readers.join(',') });
  await story.check(SEP_17);
  return { story, smtp };
}

/** The alert's mails of a report. */
const mails = ({ deliveries }: Awaited<ReturnType<Story['check']>>) =>
  deliveries.filter(({ channel, message }) => channel.startsWith('email:') && message.endsWith('/alert'));

/** The server refuses what comes after its limit; `asked` counts how often it was asked for more. */
function limited(smtp: Awaited<ReturnType<typeof startSmtp>>, refusal: (over: boolean) => SmtpRefusal) {
  const seen = { asked: 0 };
  smtp.watch = (step) => {
    if (step === 'recipient' && smtp.messages.length >= LIMIT) seen.asked += 1;
  };
  smtp.fault = () => refusal(smtp.messages.length >= LIMIT);
  return seen;
}

/** Who has had enough is asked by each of four at work, on the connection that is kept and once on a new one; then by one at a time. */
const LIMITS: readonly (readonly [string, (over: () => boolean) => SmtpRefusal, mostAsked: number, reason: RegExp])[] =
  [
    [
      '421 and a closed connection',
      (over) => ({
        ...(over() ? { connect: '421 4.7.0 Too many messages, try again later' } : {}),
        recipients: () => (over() ? '421 4.7.0 Too many messages, closing connection' : undefined),
      }),
      12,
      /421 4\.7\.0 Too many|not tried in this run/,
    ],
    [
      "Gmail's daily limit, in words that mean for good",
      (over) => ({
        recipients: () => (over() ? '550 5.4.5 Daily user sending limit exceeded.' : undefined),
      }),
      12,
      /550 5\.4\.5 Daily|not tried in this run/,
    ],
    [
      "cPanel's hourly limit",
      (over) => ({
        recipients: () =>
          over() ? '550 Domain example.com has exceeded the max emails per hour (200/200 (100%)) allowed.' : undefined,
      }),
      12,
      /max emails per hour|not tried in this run/,
    ],
    [
      '451 for each recipient, which may be about that one alone',
      (over) => ({ recipients: () => (over() ? '451 4.7.1 Greylisted, try again later' : undefined) }),
      READERS - LIMIT,
      /451 4\.7\.1 Greylisted/,
    ],
  ];

test.each(LIMITS)(
  'after %s the others are put off, and nobody is lost or told twice',
  async (_, says, most, reason) => {
    const { story, smtp } = await eveningOf();
    let over = true;
    const isOver = () => over && smtp.messages.length >= LIMIT;
    const seen = limited(smtp, () => says(isOver));
    const evening = mails(await story.check(SEP_18));
    // Four may be under way while the limit is reached.
    expect(smtp.messages.length).toBeGreaterThanOrEqual(LIMIT);
    expect(smtp.messages.length).toBeLessThanOrEqual(LIMIT + 3);
    expect(seen.asked).toBeLessThanOrEqual(most + 3);
    const open = evening.filter(({ state }) => state !== 'sent');
    expect(open).toHaveLength(READERS - smtp.messages.length);
    for (const delivery of open) {
      expect(delivery).toMatchObject({ state: 'pending', reason: expect.stringMatching(reason) });
    }
    // An hour later it has not enough any more, or a day later.
    await story.check(HOUR_LATER);
    expect(smtp.messages.length).toBeLessThanOrEqual(LIMIT + 3);
    over = false;
    smtp.watch = undefined;
    await story.check(DAY_LATER);
    const to = smtp.messages.flatMap(({ envelope }) => envelope.to);
    expect(to.toSorted()).toEqual(readers.toSorted());
    expect(new Set(smtp.messages.map(({ messageId }) => messageId)).size).toBe(READERS);
    expect(smtp.messages.filter(({ subject }) => subject?.includes('may be a repeat'))).toEqual([]);
  },
);

test('a server for two connections turns one away, serves all in one run, and never more than two at once', async () => {
  const { story, smtp } = await eveningOf({ limit: { connections: 2, over: '421' } });
  const evening = mails(await story.check(SEP_18));
  expect(evening.filter(({ state }) => state !== 'sent')).toEqual([]);
  expect(smtp.messages).toHaveLength(READERS);
  // The one that was turned away has an attempt more.
  expect(evening.reduce((sum, { attempts }) => sum + attempts, 0)).toBeLessThanOrEqual(READERS + 3);
});

test('Discord does not wait for hundreds of mails', async () => {
  const { story, smtp } = await eveningOf();
  let taken: number | undefined;
  const at = story.discord.fault;
  story.discord.fault = (request) => {
    taken ??= smtp.messages.length;
    return at?.(request);
  };
  await story.check(SEP_18);
  expect(smtp.messages).toHaveLength(READERS);
  // Before the first two mails are through, or a few of them on a busy machine.
  expect(taken).toBeLessThanOrEqual(10);
});
