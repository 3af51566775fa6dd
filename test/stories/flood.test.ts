import { expect, test } from 'vitest';
import { openApp } from '../../src/app/open.ts';
import { round } from '../../src/daemon/round.ts';
import { drill } from '../../src/jobs/drill.ts';
import { newYorkDate, newYorkInstant } from '../../src/market/new-york.ts';
import { addDays } from '../../src/market/session.ts';
import { fileOf } from '../support/file-of.ts';
import { EVENT, SEP_17, SEP_18, SEP_19, type Story, startStory } from '../support/story.ts';

/*
 * Many addresses and few reasons: what is wrong is told once for each kind of channel, with a count, and what is about
 * email is not mailed to everybody.
 */
const people = (count: number) => Array.from({ length: count }, (_, at) => `p${at}@example.com`);
const DEAD = ['p3@example.com', 'p7@example.com', 'p11@example.com', 'p15@example.com'];

/** As Postfix says it (smtpd_check.c, `reject_unknown_address`): with the address of whoever is unknown. */
const unknown = (address: string) =>
  `550 5.1.1 <${address}>: Recipient address rejected: User unknown in local recipient table`;

/** The rounds of a daemon over some days, every `hours` and at the times of the schedule; drills at noon. */
async function live(
  story: Story,
  { from, to, drills = [], hours = 6 }: { from: string; to: string; drills?: readonly string[]; hours?: number },
): Promise<void> {
  let now = newYorkInstant(from, '00:10');
  story.discord.now = () => now;
  const app = await openApp(story.settings, {
    now: () => now,
    sleep: async () => {},
    random: () => 0.5,
    progress: () => {},
    freeBytes: async () => 1e12,
    draw: async () => [],
  });
  const { checks, digest } = story.settings.schedule;
  const between = Array.from({ length: 24 / hours }, (_, nth) => `${String(nth * hours).padStart(2, '0')}:10`);
  const times = [...new Set([...between, ...checks, digest.at])].sort();
  try {
    for (let day = from; day <= to; day = addDays(day, 1)) {
      for (const time of times) {
        now = newYorkInstant(day, time);
        story.yahoo.now = now;
        await round(app, { why: time, check: checks.includes(time) ? 'always' : 'when due' });
        if (time === '12:10' && drills.includes(day)) await drill(app);
      }
    }
  } finally {
    app.close();
  }
}

const kindOfId = (id: string) =>
  id.startsWith('russell') ? id.replace(/.*\//, '') : id.replace(/\/\d{4}-.*|\/russell.*/, '');
const count = (ids: readonly string[]) =>
  Object.fromEntries([...Map.groupBy(ids, kindOfId)].map(([kind, same]) => [kind, same.length]));
const mails = ({ smtp }: Story) => count(smtp.messages.map(({ headers }) => String(headers.get('x-breakout-bell-id'))));
const posts = ({ discord }: Story) =>
  count(discord.messages.map(({ payload }) => payload.embeds?.[0]?.footer?.text.split('\n').at(-1) ?? ''));
const rows = (story: Story) =>
  story.at('2025-11-30T12:00:00Z', async (app) => fileOf(app).prepare('select count(*) from deliveries').pluck().get());

/** Lets some addresses be refused for good. @returns whom the server refused, in order */
function refuse(story: Story, dead: readonly string[]): string[] {
  const refused: string[] = [];
  story.smtp.fault = () => ({
    recipients: (address) => {
      if (!dead.includes(address)) return undefined;
      refused.push(address);
      return unknown(address);
    },
  });
  return refused;
}

const titles = ({ discord }: Story) => discord.messages.map(({ payload }) => payload.content ?? '');

test('dead addresses are one trouble for a message and one for drills, told on Discord alone', {
  timeout: 120_000,
}, async () => {
  const story = await startStory({ EMAIL_TO: people(20).join(', ') });
  const refused = refuse(story, DEAD);
  await live(story, { from: '2025-09-17', to: '2025-10-03', drills: ['2025-09-22', '2025-09-24'], hours: 12 });
  // 16 living addresses: the alert, three Fridays, two drills by hand and the one of the quarter.
  expect(mails(story)).toEqual({ alert: 16, digest: 48, drill: 48 });
  expect(posts(story)).toEqual({ alert: 1, 'warning/delivery-email': 1, drill: 3, 'warning/drill-email': 1 });
  expect(titles(story)).toEqual(
    expect.arrayContaining([
      `Not delivered to 4 of 20 addresses by email: ${EVENT}/alert`,
      'A drill did not arrive: 4 of 20 addresses by email',
    ]),
  );
  const warning = story.discord.messages.find(({ payload }) => payload.content?.startsWith('Not delivered'));
  expect(warning?.payload.embeds?.[0]?.description).toContain(
    '(4 failed); the first says: the mail server refused the recipient: 550 5.1.1',
  );
  // 21 posted to everybody, and 20, 16 and 17 where the dead are left alone; two warnings.
  expect(await rows(story)).toBe(21 + 20 + 16 + 16 + 21 + 21 + 17 + 2);
  // The alert once a check for a week; the first digest twice, as it was within two days; the drills that a person asked for.
  expect(refused.length).toBeLessThanOrEqual(DEAD.length * (23 + 2 + 2));
});

test('where email is the only way, one address hears of it: the first where mail arrives', async () => {
  const story = await startStory({ EMAIL_TO: people(6).join(', '), DISCORD_WEBHOOK_URL: '' });
  await story.round(SEP_17);
  refuse(story, ['p0@example.com', 'p3@example.com']);
  for (const instant of [SEP_18, '2025-09-18T21:30:00Z', SEP_19]) await story.round(instant);
  await story.at('2025-09-19T16:00:00Z', (app) => drill(app));
  await story.round('2025-09-19T21:30:00Z');
  const told = story.smtp.messages.filter(({ subject }) => /^(Not delivered|A drill)/.test(subject ?? ''));
  expect(told.map(({ subject, envelope }) => [envelope.to, subject])).toEqual([
    [['p1@example.com'], `Not delivered to 2 of 6 addresses by email: ${EVENT}/alert`],
    [['p1@example.com'], 'A drill did not arrive: 2 of 6 addresses by email'],
  ]);
});

test('full mailboxes keep no digest from the others', async () => {
  const story = await startStory({ EMAIL_TO: people(8).join(', ') });
  await story.round(SEP_17);
  story.smtp.fault = () => ({
    recipients: (address) => (/^p[0-2]@/.test(address) ? '452 4.2.2 The mailbox is over quota' : undefined),
  });
  for (const instant of [SEP_18, SEP_19, '2025-09-19T22:05:00Z']) await story.round(instant);
  expect(mails(story)).toEqual({ alert: 5, digest: 5 });
});

test('a first address that takes no mail fails the daily test until it is left alone, and no longer', async () => {
  const story = await startStory({ EMAIL_TO: people(3).join(', ') });
  await story.round(SEP_17);
  refuse(story, ['p0@example.com']);
  await story.round(SEP_18);
  const failing = (instant: string) =>
    story.at(instant, async ({ ledger }) =>
      (await ledger.probes()).filter(({ failure }) => failure !== null).map(({ part }) => part),
    );
  await story.round('2025-09-19T13:00:00Z');
  expect(await failing('2025-09-19T13:00:00Z')).toEqual(['channel-email']);
  await story.round('2025-09-21T13:00:00Z');
  expect(await failing('2025-09-21T13:00:00Z')).toEqual([]);
});

test('one dead address more is told once, a day later, and the all-clear comes once', async () => {
  const story = await startStory({ EMAIL_TO: people(6).join(', ') });
  await story.round(SEP_17);
  story.smtp.fault = () => ({
    recipients: (address) =>
      ({ 'p3@example.com': unknown(address), 'p5@example.com': '452 4.2.2 The mailbox is over quota' })[address],
  });
  const days = ['18', '19', '22', '25'];
  for (const day of days) await story.round(`2025-09-${day}T20:45:00Z`);
  const lost = () => titles(story).filter((title) => /Not delivered/.test(title));
  expect(lost()).toEqual([`Not delivered to 1 of 6 addresses by email: ${EVENT}/alert`]);
  // Given up after 7 days.
  for (const hour of ['20:55', '21:30', '22:30']) await story.round(`2025-09-25T${hour}:00Z`);
  expect(lost().slice(1)).toEqual([`More: Not delivered to 2 of 6 addresses by email: ${EVENT}/alert`]);
  story.smtp.fault = undefined;
  story.configure({ EMAIL_FROM: 'Bell <other@example.com>' });
  for (const hour of ['21:30', '22:30']) await story.round(`2025-09-26T${hour}:00Z`);
  expect(lost().slice(2)).toEqual([`All clear: Not delivered to 1 of 6 addresses by email: ${EVENT}/alert`]);
  expect(mails(story)['warning/delivery-email']).toBeUndefined();
});

test('a server with a quota is not asked for hundreds every hour, and everybody has the alert in days', {
  timeout: 120_000,
}, async () => {
  const story = await startStory({ EMAIL_TO: people(20).join(', ') });
  const taken = new Map<string, number>();
  let refused = 0;
  story.smtp.fault = () => ({
    recipients: () => {
      const day = newYorkDate(story.yahoo.now);
      taken.set(day, (taken.get(day) ?? 0) + 1);
      if ((taken.get(day) ?? 0) <= 4) return undefined;
      refused++;
      return '450 4.7.1 Error: too much mail from 127.0.0.1';
    },
  });
  await live(story, { from: '2025-09-17', to: '2025-09-23', hours: 4 });
  const { alert, digest = 0, ...others } = mails(story);
  // The digest of the 19th waits until all but two have the alert.
  expect(alert).toBe(20);
  expect(digest).toBeLessThan(6);
  expect([others, posts(story)]).toEqual([{}, { alert: 1 }]);
  expect(refused).toBeLessThan(600);
});
