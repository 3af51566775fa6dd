import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createChannels } from '../../src/channel/channels.ts';
import { isDatabaseFailure, warnPastLedger } from '../../src/daemon/ledger-failure.ts';
import { round } from '../../src/daemon/round.ts';
import { healthOf } from '../../src/health/health.ts';
import { openFollowUps } from '../../src/jobs/follow-up.ts';
import { pause, resume } from '../../src/jobs/pause.ts';
import { sendKept } from '../../src/jobs/send-kept.ts';
import type { DiscordFault } from '../support/discord-server.ts';
import { startHeartbeat } from '../support/heartbeat-server.ts';
import { send, startHttp } from '../support/http.ts';
import { EVENT, SEP_17, SEP_18, SEP_19, SEP_22, type Story, startStory } from '../support/story.ts';
import { temporaryFolder, useStandIn } from '../support/temporary.ts';

const ALERT = 'Russell 2000: first record close in over a year';
const WARNING_KINDS = /^(No close|Still|All clear|Not delivered|Russell 2000: a close|The |A drill|\S+ does not pass)/;

const titles = ({ discord }: Story) => discord.messages.map(({ payload }) => payload.embeds?.[0]?.title ?? '');
const subjects = ({ smtp }: Story, to = 'ann@example.com') =>
  smtp.messages.filter(({ envelope }) => envelope.to.includes(to)).map(({ subject }) => subject);
const warnings = (story: Story) => titles(story).filter((title) => WARNING_KINDS.test(title));
/** What the webhook answers when somebody has deleted it. */
const GONE = () => ({ status: 404, body: '{"message":"Unknown Webhook","code":10015}' });

describe('a close that does not come', () => {
  test('is told the next morning, again after three sessions, and taken back once', async () => {
    const story = await startStory();
    await story.round(SEP_17);
    for (const session of ['2025-09-18', '2025-09-19', '2025-09-22']) story.setClose('^RUT', session, undefined);
    await story.round(SEP_18);
    await story.round('2025-09-19T11:59:00Z');
    expect(warnings(story)).toEqual([]);
    await story.round('2025-09-19T12:30:00Z');
    await story.round(SEP_19);
    expect(warnings(story)).toEqual(['No close of ^RUT for 18 Sep 2025']);
    await story.round('2025-09-20T12:30:00Z');
    await story.round(SEP_22);
    expect(warnings(story)).toHaveLength(1);
    await story.round('2025-09-23T12:30:00Z');
    await story.round('2025-09-23T13:30:00Z');
    expect(warnings(story)).toEqual([
      'No close of ^RUT for 18 Sep 2025',
      'Still: No close of ^RUT for 3 sessions from 18 Sep 2025 to 22 Sep 2025',
    ]);

    story.setClose('^RUT', '2025-09-18', 2467.7);
    story.setClose('^RUT', '2025-09-19', 2448.77);
    story.setClose('^RUT', '2025-09-22', 2463.34);
    await story.round('2025-09-23T14:30:00Z');
    await story.round('2025-09-23T15:30:00Z');
    expect(titles(story)).toContain(ALERT);
    expect(warnings(story).slice(2)).toEqual(['All clear: No close of ^RUT for 18 Sep 2025']);
    const allClear = story.smtp.messages.find(({ subject }) => subject?.startsWith('All clear'));
    const first = story.smtp.messages.find(({ subject }) => subject?.startsWith('No close'));
    expect(allClear?.inReplyTo).toBe(first?.messageId);
  });

  test('that is long already when it is first told is not told twice on one day', async () => {
    const story = await startStory();
    await story.round(SEP_17);
    for (const session of ['2025-09-18', '2025-09-19', '2025-09-22']) story.setClose('^RUT', session, undefined);
    await story.round('2025-09-23T12:30:00Z');
    await story.round('2025-09-23T13:30:00Z');
    expect(warnings(story)).toEqual(['No close of ^RUT for 3 sessions from 18 Sep 2025 to 22 Sep 2025']);
    for (const session of ['2025-09-23', '2025-09-24']) story.setClose('^RUT', session, undefined);
    await story.round('2025-09-25T12:30:00Z');
    expect(warnings(story).slice(1)).toEqual([expect.stringMatching(/^Still: No close of \^RUT for 5 sessions/)]);
  });

  test('goes on as one trouble while its first closes arrive', async () => {
    const story = await startStory();
    await story.round(SEP_17);
    for (const session of ['2025-09-18', '2025-09-19']) story.setClose('^RUT', session, undefined);
    await story.round('2025-09-20T12:30:00Z');
    story.setClose('^RUT', '2025-09-18', 2430);
    await story.round('2025-09-20T13:30:00Z');
    expect(warnings(story)).toHaveLength(1);
  });

  test('that nobody ever fills ends without a word: an unplanned holiday is no trouble for ever', async () => {
    const story = await startStory();
    await story.round(SEP_17);
    story.setClose('^RUT', '2025-09-19', undefined);
    story.setClose('^GSPC', '2025-09-19', undefined);
    await story.round('2025-09-20T12:30:00Z');
    expect(warnings(story)).toEqual(['No close of ^RUT and ^GSPC for 19 Sep 2025']);
    await story.round('2025-11-20T13:30:00Z');
    expect(warnings(story)).toHaveLength(1);
    expect(await story.at('2025-11-20T14:30:00Z', ({ ledger }) => ledger.openTroubles())).toEqual([]);
  });

  test('that is another gap than the one that was just filled is told of its own', async () => {
    const story = await startStory();
    await story.round(SEP_17);
    story.setClose('^RUT', '2025-09-18', undefined);
    await story.round('2025-09-19T12:30:00Z');
    await story.round(SEP_19);
    story.setClose('^RUT', '2025-09-18', 2430);
    story.setClose('^RUT', '2025-09-22', undefined);
    await story.round('2025-09-23T12:30:00Z');
    expect(warnings(story)).toEqual([
      'No close of ^RUT for 18 Sep 2025',
      'No close of ^RUT for 22 Sep 2025',
      'All clear: No close of ^RUT for 18 Sep 2025',
    ]);
  });

  test('before anything was ever read is told too', async () => {
    const story = await startStory();
    story.yahoo.fault = () => ({ status: 500 });
    await story.round(SEP_17);
    await story.round('2025-09-18T12:30:00Z');
    expect(warnings(story)).toEqual(['No close of ^RUT and ^GSPC for 17 Sep 2025']);
  });

  test('before the watch began is none of its business', async () => {
    const story = await startStory();
    story.setClose('^RUT', '2025-09-03', undefined);
    await story.round(SEP_17);
    await story.round('2025-09-18T12:30:00Z');
    expect(titles(story)).toEqual([]);
  });
});

describe('a held close that would be a record', () => {
  test('is told at once and once, and taken back when it is replaced', async () => {
    const story = await startStory();
    await story.round(SEP_17);
    story.setClose('^RUT', '2025-09-18', 246_770);
    await story.round(SEP_18);
    await story.round('2025-09-18T21:30:00Z');
    expect(titles(story)).toEqual(['Russell 2000: a close that would be a record is not believed yet']);
    story.setClose('^RUT', '2025-09-18', 2430);
    await story.round('2025-09-19T12:30:00Z');
    expect(titles(story)).toEqual([
      'Russell 2000: a close that would be a record is not believed yet',
      'All clear: Russell 2000: a close that would be a record is not believed yet',
    ]);
    expect(story.discord.messages[1]?.payload.embeds?.[0]?.description).toContain('is believed now: 2,430.00');
  });
});

describe('a delivery that is lost', () => {
  const lost = `Not delivered: ${EVENT}/alert on discord-webhook`;

  test('is told through the other channels once, and taken back when it arrives', async () => {
    const story = await startStory();
    await story.round(SEP_17);
    story.discord.fault = GONE;
    for (const time of ['20:45', '21:30']) await story.round(`2025-09-18T${time}:00Z`);
    expect(subjects(story).filter((subject) => subject === lost)).toHaveLength(1);
    story.discord.fault = undefined;
    await story.round('2025-09-19T12:30:00Z');
    expect(titles(story)).toEqual([ALERT]);
    expect(subjects(story).filter((subject) => subject?.startsWith('All clear: Not delivered'))).toHaveLength(1);
  });

  test('is told once it is not sent again, not before', async () => {
    const story = await startStory();
    await story.round(SEP_17);
    story.discord.fault = () => 'reset';
    for (const hour of [0, 1, 7, 30, 31, 32]) {
      await story.round(new Date(Date.parse(SEP_18) + hour * 3_600_000).toISOString());
      expect(subjects(story).filter((subject) => subject === lost)).toHaveLength(hour < 31 ? 0 : 1);
    }
  });

  test('is not lost to an evening without Discord: two attempts that may have arrived, and it comes that night', async () => {
    const story = await startStory({ SMTP_URL: '', EMAIL_FROM: '', EMAIL_TO: '' });
    await story.round(SEP_17);
    story.discord.fault = () => 'reset';
    // 16:45, 17:30, 18:30, 19:30 in New York.
    for (const time of ['20:45', '21:30', '22:30', '23:30']) await story.round(`2025-09-18T${time}:00Z`, false);
    const [delivery] = await story.at('2025-09-18T23:40:00Z', ({ ledger }) => ledger.deliveriesOf([`${EVENT}/alert`]));
    expect(delivery).toMatchObject({ state: 'unknown', attempts: 2, unknownAttempts: 2 });
    story.discord.fault = undefined;
    for (let hour = 0; hour < 8; hour++) await story.round(`2025-09-19T0${hour}:30:00Z`, false);
    expect(titles(story)).toEqual([ALERT]);
    expect(story.discord.messages[0]?.payload.embeds?.[0]?.description).toContain('may be a repeat');
    expect(new Date(story.discord.messages[0]?.at ?? 0).toISOString()).toBe('2025-09-19T04:30:00.000Z');
  });

  test('because nobody can be reached at all is tried every hour, and comes as it was in the hour it works', async () => {
    const story = await startStory({ SMTP_URL: '', EMAIL_FROM: '', EMAIL_TO: '' });
    await story.round(SEP_17);
    const { DISCORD_API_URL = '' } = story.environment;
    story.configure({ DISCORD_API_URL: 'http://127.0.0.1:1/api' });
    for (let hour = 0; hour < 9; hour++) {
      await story.round(new Date(Date.parse(SEP_18) + hour * 3_600_000).toISOString(), false);
    }
    story.configure({ DISCORD_API_URL });
    await story.round('2025-09-19T06:30:00Z', false);
    expect(titles(story)).toEqual([ALERT]);
    expect(story.discord.messages[0]?.payload.embeds?.[0]?.description).not.toContain('may be a repeat');
  });

  test('is no trouble any more a week after it was given up', async () => {
    const story = await startStory();
    await story.round(SEP_17);
    story.discord.fault = GONE;
    await story.round(SEP_18);
    await story.round('2025-10-20T20:45:00Z');
    const open = await story.at('2025-10-20T21:00:00Z', ({ ledger }) => ledger.openTroubles());
    expect(open.map(({ name }) => name)).not.toContain('delivery-discord-webhook');
  });

  test('and was never tried is tried however late, and one of unknown fate is sent once more', async () => {
    const story = await startStory();
    await story.round(SEP_17);
    await story.check(SEP_18, { offline: false }).catch(() => undefined);
    await story.at(SEP_18, async ({ database }) => {
      database.exec("update deliveries set state = 'pending', attempts = 0 where channel = 'discord-webhook'");
      database.exec("update deliveries set state = 'sending', claimed_by = 'dead' where channel like 'email:ann%'");
    });
    await story.round('2025-10-08T20:45:00Z');
    expect(titles(story).filter((title) => title === ALERT)).toHaveLength(2);
    expect(subjects(story)).toContain(`${ALERT} (may be a repeat)`);
  });

  test('a warning that is refused for good is tried once per check, like everything else', async () => {
    const story = await startStory();
    await story.round(SEP_17);
    story.discord.fault = GONE;
    story.smtp.fault = () => ({ recipients: { 'ann@example.com': 550 } });
    const attempts = async () => {
      await story.round(SEP_18);
      const warning = `warning/delivery-discord-webhook/${EVENT}/alert`;
      const deliveries = await story.at(SEP_18, ({ ledger }) => ledger.deliveriesOf([warning]));
      return deliveries.find(({ channel }) => channel === 'email:ann@example.com')?.attempts;
    };
    expect([await attempts(), await attempts(), await attempts()]).toEqual([1, 2, 3]);
  });
});

describe('the daily test of a channel', () => {
  const webhook = 'Discord-webhook does not pass its daily test';

  test('is made once a morning, and a failure told through the others, then taken back', async () => {
    const story = await startStory();
    await story.round(SEP_17);
    expect(story.discord.requests).toEqual([]);
    await story.round('2025-09-18T12:30:00Z');
    await story.round('2025-09-18T13:30:00Z', false);
    expect(story.discord.requests.map(({ method }) => method)).toEqual(['GET']);

    story.discord.fault = GONE;
    await story.round('2025-09-19T12:30:00Z');
    await story.round('2025-09-19T13:30:00Z', false);
    expect(subjects(story).filter((subject) => subject === webhook)).toHaveLength(1);
    story.discord.fault = undefined;
    await story.round('2025-09-19T14:30:00Z', false);
    expect(subjects(story).at(-1)).toBe(`All clear: ${webhook}`);
    expect(titles(story).filter((title) => WARNING_KINDS.test(title))).toEqual([]);
  });

  test('a hiccup is no trouble: a failing test is tried again before it counts', async () => {
    const story = await startStory();
    await story.round(SEP_17);
    story.discord.fault = ({ count }) => (count === 1 ? 'reset' : undefined);
    await story.round('2025-09-18T12:30:00Z');
    expect(subjects(story)).toEqual([]);
  });

  test('a pause of the failing channel is no all-clear', async () => {
    const story = await startStory();
    await story.round(SEP_17);
    story.discord.fault = GONE;
    await story.round('2025-09-18T12:30:00Z');
    await story.at('2025-09-18T13:00:00Z', (app) => pause(app, 'discord-webhook', undefined));
    await story.round('2025-09-18T13:30:00Z', false);
    expect(subjects(story)).toEqual([webhook]);
    expect(await story.at(SEP_18, ({ ledger }) => ledger.openTroubles())).toEqual([]);
  });

  test('all addresses share one server, and one warning', async () => {
    const story = await startStory();
    await story.round(SEP_17);
    story.smtp.fault = () => ({ login: 535 });
    await story.round('2025-09-18T12:30:00Z');
    expect(titles(story)).toEqual(['Email does not pass its daily test']);
    expect(subjects(story)).toEqual([]);
  });
});

test('a disk that is nearly full is told once, and taken back', async () => {
  const story = await startStory();
  await story.round(SEP_17);
  story.freeBytes = 150e6;
  await story.round('2025-09-17T21:30:00Z', false);
  await story.round('2025-09-17T22:30:00Z', false);
  // At the limit there would be a warning and an all-clear every hour.
  story.freeBytes = 210e6;
  await story.round('2025-09-17T22:45:00Z', false);
  expect(titles(story)).toHaveLength(1);
  story.freeBytes = 1e9;
  await story.round('2025-09-17T23:30:00Z', false);
  expect(titles(story)).toEqual(['The disk is nearly full', 'All clear: The disk is nearly full']);
  expect(story.discord.messages[0]?.payload.embeds?.[0]?.description).toMatch(/^Only 150 MB are free where /);
});

test('a database that does not pass its daily check is told, with the cure', async () => {
  const story = await startStory();
  await story.round(SEP_17);
  await story.at(SEP_17, async ({ database }) => {
    database.exec("pragma ignore_check_constraints = on; insert into probes values ('x', 'never', 'half', null)");
  });
  await story.round('2025-09-18T12:30:00Z');
  expect(titles(story)).toEqual(['The database is damaged']);
  expect(story.discord.messages[0]?.payload.embeds?.[0]?.description).toMatch(
    /CHECK constraint failed in probes.*npm run restore FILE/,
  );
});

test('a database that cannot be read at all is told past the ledger, by an id that mail systems know again', async () => {
  const story = await startStory();
  await story.round(SEP_17);
  await story.at(SEP_18, async (app) => {
    // While the daemon has it open, all but the first page, which holds the schema, turns to garbage.
    const bytes = readFileSync(story.settings.databasePath);
    writeFileSync(story.settings.databasePath, bytes.fill(0xff, 4096));
    const { errors } = await round(app, 'test', true);
    const failure = errors.find(isDatabaseFailure);
    expect(failure?.message).toMatch(/malformed/);
    for (let time = 0; time < 2; time++) await warnPastLedger(app, failure ?? new Error('none'));
  });
  expect(new Set(titles(story))).toEqual(new Set(['The database cannot be used: nothing is watched']));
  expect(new Set(story.smtp.messages.map(({ messageId }) => messageId)).size).toBe(2);
});

test('a warning that reached nobody is not taken back: it is not sent at all', async () => {
  const story = await startStory();
  await story.round(SEP_17);
  story.freeBytes = 1e6;
  story.discord.fault = () => ({ status: 502 });
  story.smtp.fault = () => ({ connect: 421 });
  await story.round('2025-09-17T21:30:00Z', false);
  story.freeBytes = 1e9;
  story.discord.fault = story.smtp.fault = undefined;
  await story.round('2025-09-17T22:30:00Z', false);
  await story.round('2025-09-17T23:30:00Z');
  expect([titles(story), subjects(story)]).toEqual([[], []]);
});

describe('the digest', () => {
  const FRIDAY = '2025-09-19T22:00:00Z';

  test('comes on Friday evening by email and nowhere else, once, and says all that matters', async () => {
    const story = await startStory();
    await story.round(SEP_17);
    await story.round(SEP_18);
    await story.round('2025-09-18T22:00:00Z', false);
    await story.round(SEP_19);
    await story.round('2025-09-19T21:59:00Z', false);
    expect(subjects(story)).toEqual([ALERT]);
    await story.round(FRIDAY, false);
    await story.round('2025-09-19T23:00:00Z', false);
    await story.round('2025-09-20T12:30:00Z');
    expect(subjects(story).slice(1)).toEqual(['All is well: Russell 2000 recent record, +0.77% to the record']);
    expect(titles(story)).toEqual([ALERT]);
    const { text = '', messageId } = story.smtp.messages.at(-1) ?? {};
    expect(messageId).toMatch(/^<digest\/2025-09-19\//);
    // 2448.77 / 2397.06 − 1 and 6664.36 / 6584.29 − 1, from the closes of 12 September in FACTS.md.
    expect(text.replace(/\s+/g, ' ')).toContain('closed at 2,448.77 on Friday, 19 Sep 2025, +2.16% over the week');
    expect(text).toMatch(/S&P 500 +6,664\.36 +\+1\.22%/);
    expect(text).toContain('Nothing fires before 19 Sep 2026');
    expect(text.replace(/\s+/g, ' ')).toContain('what followed after 1 month is told on 18 Oct 2025');
    expect(text.replace(/\s+/g, ' ')).toContain('Held: none. Missing: none. Revised in the last 7 days: none.');
    expect(text).toMatch(/discord-webhook +passed, 19 Sep 2025 +russell-2000\/2025-09-18\/alert on 18 Sep 2025 +0/);
    expect(text).toContain('npm run pause email:');
  });

  test('comes on Thursday where Friday is a holiday, and never on a day without a session', async () => {
    const story = await startStory();
    story.setClose('^RUT', '2026-04-02', 2500);
    await story.round('2026-03-30T20:45:00Z');
    // 3 April 2026 is Good Friday.
    await story.round('2026-04-02T22:00:00Z');
    await story.round('2026-04-03T22:00:00Z');
    const sent = story.smtp.messages.map(({ headers }) => headers.get('x-breakout-bell-id'));
    expect(sent.filter((id) => String(id).startsWith('digest'))).toEqual(['digest/2026-04-02', 'digest/2026-04-02']);
  });

  test('comes late, but once, where the machine was off on Friday evening: on the next day with a session', async () => {
    const story = await startStory();
    await story.round(SEP_17);
    const digests = () => subjects(story).filter((subject) => subject?.startsWith('All is well')).length;
    await story.round('2025-09-21T15:00:00Z', false);
    expect(digests()).toBe(0);
    await story.round('2025-09-22T12:30:00Z');
    await story.round('2025-09-22T13:30:00Z', false);
    expect(digests()).toBe(1);
  });

  test('does not take the figures of another day for those of this one', async () => {
    const story = await startStory();
    await story.round(SEP_17);
    await story.round(SEP_18);
    for (const symbol of ['^RUT', '^GSPC']) story.setClose(symbol, '2025-09-19', undefined);
    await story.round(FRIDAY);
    expect(subjects(story).at(-1)).toMatch(/^Not well: /);
    expect(story.smtp.messages.at(-1)?.text).toContain('Note: No close of 19 Sep 2025 has been read yet.');
  });

  test('is not even tried where no channel takes it', async () => {
    const story = await startStory({ SMTP_URL: '', EMAIL_FROM: '', EMAIL_TO: '' });
    await story.round(SEP_17);
    const runs = () => story.at(FRIDAY, async ({ ledger }) => (await ledger.runs('2025-01-01')).length);
    await story.round(SEP_19);
    const before = await runs();
    await story.round(FRIDAY, false);
    expect([await runs(), story.discord.messages.length]).toEqual([before, 1]);
  });

  test('is not about a week from before the watch began', async () => {
    const story = await startStory();
    await story.round('2025-09-20T15:00:00Z');
    await story.round('2025-09-21T15:00:00Z');
    expect(subjects(story).filter((subject) => /well/.test(subject ?? ''))).toEqual([]);
  });

  test('says that not all is well, and why', async () => {
    const story = await startStory();
    await story.round(SEP_17);
    story.yahoo.fault = () => ({ status: 500 });
    for (const time of [SEP_18, '2025-09-19T12:30:00Z', FRIDAY]) await story.round(time);
    expect(subjects(story).at(-1)).toBe('Not well: Russell 2000 armed, +1.47% to the record');
    expect(story.smtp.messages.at(-1)?.text?.replace(/\s+/g, ' ')).toContain(
      'Note: No close of ^RUT and ^GSPC for 18 Sep 2025.',
    );
  });
});

describe('follow-ups', () => {
  test('come after 1, 3, 6 and 12 months to where the alert went, and refer to it', async () => {
    const story = await startStory();
    await story.round(SEP_17);
    await story.round(SEP_18);
    const day = (date: string) => story.round(`${date}T22:00:00Z`);
    const followUps = () => titles(story).filter((title) => title.startsWith('After'));
    await day('2025-10-17');
    expect(followUps()).toEqual([]);
    // 18 October 2025 is a Saturday: the outcome is reached with the close of Monday.
    await day('2025-10-20');
    await day('2025-10-21');
    expect(followUps()).toEqual([
      expect.stringMatching(/^After 1 month: S&P 500 [+−].* since the Russell 2000 record of 18 Sep 2025$/),
    ]);
    await day('2025-12-18');
    expect(followUps().map((title) => title.split(':')[0])).toEqual(['After 1 month', 'After 3 months']);
    const first = story.smtp.messages.find(({ subject }) => subject === ALERT);
    const last = story.smtp.messages.find(({ subject }) => subject?.startsWith('After 3 months'));
    expect(last?.inReplyTo).toBe(first?.messageId);
    expect(last?.messageId).toMatch(/^<russell-2000\/2025-09-18\/follow-up-3\//);
  });

  test('who was away for months is told the newest horizon only', async () => {
    const story = await startStory();
    await story.round(SEP_17);
    await story.round(SEP_18);
    await story.round('2025-12-30T22:00:00Z');
    await story.round('2025-12-31T22:00:00Z');
    expect(titles(story).filter((title) => title.startsWith('After'))).toEqual([
      expect.stringMatching(/^After 3 months/),
    ]);
    const open = await story.at('2025-12-31T22:30:00Z', openFollowUps);
    expect(open).toMatchObject([{ months: 6, due: '2026-03-18' }]);
  });

  test('go to the channels that are set up now, where none of the alert is left', async () => {
    const story = await startStory({ EMAIL_TO: 'ann@example.com', DISCORD_WEBHOOK_URL: '' });
    await story.round(SEP_17);
    await story.round(SEP_18);
    const email = story.settings.email && { ...story.settings.email, to: ['carl@example.com'] };
    await story.at('2025-10-20T21:00:00Z', async (app) => {
      const channels = createChannels({ ...app.settings, email });
      await round({ ...app, channels }, 'test', true);
    });
    expect(subjects(story, 'carl@example.com').filter((subject) => subject?.startsWith('After'))).toHaveLength(1);
  });

  test('an event of the first run, and a retracted one, has none', async () => {
    const story = await startStory();
    await story.round('2025-09-27T15:00:00Z');
    await story.round('2025-10-20T21:00:00Z');
    expect(titles(story).filter((title) => title.startsWith('After'))).toEqual([]);

    const retracted = await startStory();
    await retracted.round(SEP_17);
    await retracted.round(SEP_18);
    retracted.setClose('^RUT', '2025-09-18', 2430);
    retracted.setClose('^RUT', '2025-09-19', 2420);
    for (const session of ['2025-09-22', '2025-09-23', '2025-09-24']) retracted.setClose('^RUT', session, 2421);
    await retracted.round(SEP_19);
    await retracted.round(SEP_22);
    const events = await retracted.at('2025-10-20T21:00:00Z', openFollowUps);
    expect(events).toEqual([]);
    expect(titles(retracted)[1]).toMatch(/^Retracted/);
  });

  test('a correction after one is measured by the alert', async () => {
    const story = await startStory();
    await story.round(SEP_17);
    await story.round(SEP_18);
    await story.round('2025-10-20T21:00:00Z');
    story.setClose('^RUT', '2025-09-18', 2470);
    // A close of long ago is read again only where something before it is missing.
    await story.at('2025-10-21T20:45:00Z', async ({ database }) => {
      database.prepare("delete from closes where session = '2025-09-18' and symbol = '^RUT'").run();
    });
    await story.round('2025-10-21T20:45:00Z');
    await story.round('2025-10-21T21:45:00Z');
    expect(titles(story).at(-1)).toBe('Correction: Russell 2000 record close of 18 Sep 2025');
    const ofAnn = story.smtp.messages.filter(({ envelope }) => envelope.to.includes('ann@example.com'));
    expect(ofAnn.at(-1)?.inReplyTo).toBe(ofAnn[0]?.messageId);
  });
});

describe('the drill', () => {
  test('comes once a quarter, from noon of its first session, on every channel', async () => {
    const story = await startStory();
    await story.round('2025-09-30T20:45:00Z');
    await story.round('2025-10-01T15:59:00Z', false);
    expect(titles(story)).toEqual([]);
    await story.round('2025-10-01T16:00:00Z', false);
    await story.round('2025-10-02T16:00:00Z', false);
    await story.round('2026-01-02T17:30:00Z', false);
    const drills = titles(story).filter((title) => title.startsWith('Drill'));
    expect(drills).toEqual(['Drill, not an alert: Russell 2000', 'Drill, not an alert: Russell 2000']);
    expect(subjects(story).filter((subject) => subject?.startsWith('Drill'))).toHaveLength(2);
  });

  test('a stop in the middle proves nothing, and the next start makes it', async () => {
    const story = await startStory();
    await story.round('2025-09-30T20:45:00Z');
    const stopping = new AbortController();
    await story.at('2025-10-01T16:00:00Z', (app) =>
      round(
        {
          ...app,
          stopping: stopping.signal,
          freeBytes: async () => {
            stopping.abort();
            return 1e12;
          },
        },
        'test',
        false,
      ),
    );
    expect(titles(story)).toEqual([]);
    await story.round('2025-10-01T16:05:00Z', false);
    expect(titles(story)).toEqual(['Drill, not an alert: Russell 2000']);
    expect(await story.at('2025-10-01T16:10:00Z', ({ ledger }) => ledger.openTroubles())).toEqual([]);
  });

  test('waits while every channel is paused', async () => {
    const story = await startStory();
    await story.round('2025-09-30T20:45:00Z');
    await story.at('2025-09-30T21:00:00Z', (app) =>
      Promise.all(['email', 'discord-webhook'].map((channel) => pause(app, channel, '2025-10-03'))),
    );
    await story.round('2025-10-01T16:00:00Z', false);
    await story.round('2025-10-03T16:00:00Z', false);
    expect(titles(story)).toEqual(['Drill, not an alert: Russell 2000']);
  });

  test('one that does not arrive is told through the others', async () => {
    const story = await startStory();
    await story.round(SEP_17);
    story.discord.fault = ({ method }) => (method === 'POST' ? GONE() : undefined);
    await story.round('2025-10-01T16:00:00Z', false);
    expect(subjects(story)).toContain('A drill did not arrive: discord-webhook');
  });
});

describe('the heartbeat', () => {
  test('says ok only after the expected session is stored and evaluated, and why not otherwise', async () => {
    const heartbeat = await useStandIn(startHeartbeat());
    const story = await startStory({ HEARTBEAT_URL: heartbeat.url });
    await story.round(SEP_17);
    await story.round('2025-09-17T21:45:00Z', false);
    expect(heartbeat.calls.splice(0)).toEqual(['start', 'ok', 'ok']);
    story.yahoo.fault = () => ({ status: 500 });
    await story.round(SEP_18);
    expect(heartbeat.calls.splice(0)).toEqual([
      'start',
      expect.stringMatching(
        /^fail: The session of 2025-09-18 was not evaluated: russell-2000 is evaluated to 2025-09-17\.\n\^RUT: Yahoo answered HTTP 500/,
      ),
    ]);
    story.yahoo.fault = undefined;
    await story.round(SEP_18, false);
    expect(heartbeat.calls).toEqual(['start', 'ok']);
  });

  test('that is slow to answer does not put off the check', async () => {
    const asked = Promise.withResolvers<void>();
    const service = await useStandIn(
      startHttp(async (_, response) => {
        // Nobody is answered before the source was asked.
        await asked.promise;
        send(response, { body: 'OK' });
      }),
    );
    const story = await startStory({ HEARTBEAT_URL: `http://127.0.0.1:${service.port}/ping` });
    story.yahoo.watch = () => asked.resolve();
    expect((await story.round(SEP_17)).problems).toEqual([]);
  });

  test('is about the watch: a copy that fails is told elsewhere, but no channel left is', async () => {
    const heartbeat = await useStandIn(startHeartbeat());
    const story = await startStory({ HEARTBEAT_URL: heartbeat.url });
    writeFileSync(join(dirname(story.settings.databasePath), 'backups'), 'a file in the way');
    await story.round(SEP_17);
    expect(heartbeat.calls.splice(0)).toEqual(['start', 'ok']);
    story.discord.fault = GONE;
    story.smtp.fault = () => ({ login: 535 });
    await story.round('2025-09-18T12:30:00Z');
    expect(heartbeat.calls[1]).toMatch(
      /^fail: No channel is left that passes its daily test: discord-webhook, email \(2\)\./,
    );
  });

  describe('says fail while a message of an event has reached nobody', () => {
    const start = async (change: Readonly<Record<string, string>> = {}) => {
      const heartbeat = await useStandIn(startHeartbeat());
      const story = await startStory({
        HEARTBEAT_URL: heartbeat.url,
        SMTP_URL: '',
        EMAIL_FROM: '',
        EMAIL_TO: '',
        ...change,
      });
      await story.round(SEP_17);
      heartbeat.calls.length = 0;
      const isWell = (instant: string) => story.at(instant, async (app) => (await healthOf(app)).ok);
      return { story, heartbeat, isWell };
    };
    const FAIL = expect.stringMatching(
      /^fail: No channel has confirmed the message russell-2000\/2025-09-18\/alert: \w+ on discord-webhook \(/,
    );

    test.each<[string, DiscordFault]>([
      ['refused for now', { status: 502 }],
      ['refused for good', GONE()],
      ['refused by somebody else', { body: '<html>Log in</html>' }],
      ['of unknown fate', 'reset'],
    ])('%s, from the round on in which it was', async (_, fault) => {
      const { story, heartbeat, isWell } = await start();
      story.discord.fault = ({ method }) => (method === 'POST' ? fault : undefined);
      await story.round(SEP_18);
      await story.round('2025-09-18T21:00:00Z', false);
      expect(heartbeat.calls.filter((call) => call !== 'start')).toEqual([FAIL, FAIL]);
      expect(await isWell('2025-09-18T21:10:00Z')).toBe(false);
      story.discord.fault = undefined;
      await story.round('2025-09-18T22:00:00Z');
      expect(heartbeat.calls.at(-1)).toBe('ok');
      expect(await isWell('2025-09-18T22:10:00Z')).toBe(true);
      expect(titles(story)).toEqual([ALERT]);
    });

    test('also after 7 days, in which it is tried on, and while it may have arrived each time', async () => {
      const { story, heartbeat } = await start();
      story.discord.fault = ({ method }) => (method === 'POST' ? { status: 502 } : undefined);
      await story.round(SEP_18);
      for (const day of [22, 26, 29]) await story.round(`2025-09-${day}T20:45:00Z`);
      expect(heartbeat.calls.at(-1)).toEqual(FAIL);
      story.discord.fault = undefined;
      await story.round('2025-09-30T20:45:00Z');
      expect(titles(story)).toContain(ALERT);

      const unknown = await start();
      unknown.story.discord.fault = ({ method }) => (method === 'POST' ? 'accept-then-reset' : undefined);
      for (const day of [18, 19, 22, 23, 24, 30]) await unknown.story.round(`2025-09-${day}T20:45:00Z`);
      expect(titles(unknown.story).filter((title) => title === ALERT)).toHaveLength(6);
      expect(unknown.heartbeat.calls.at(-1)).toEqual(FAIL);
    });

    test('not while somebody has it, nor for a digest, a drill or a channel that is paused', async () => {
      const { story, heartbeat, isWell } = await start();
      story.configure({ SMTP_URL: story.smtp.url, EMAIL_FROM: 'bell@example.com', EMAIL_TO: 'ann@example.com' });
      story.discord.fault = ({ method }) => (method === 'POST' ? { status: 502 } : undefined);
      await story.round(SEP_18);
      expect(heartbeat.calls.at(-1)).toBe('ok');
      expect(await isWell('2025-09-18T21:10:00Z')).toBe(true);

      const paused = await start();
      paused.story.discord.fault = ({ method }) => (method === 'POST' ? { status: 502 } : undefined);
      await paused.story.at(SEP_17, (app) => pause(app, 'discord-webhook', undefined));
      await paused.story.round(SEP_18);
      expect(paused.heartbeat.calls.at(-1)).toBe('ok');
    });

    test('a folder counts where somebody has set it up', async () => {
      const { story, heartbeat } = await start({ OUTBOX_DIR: temporaryFolder() });
      story.discord.fault = ({ method }) => (method === 'POST' ? { status: 502 } : undefined);
      await story.round(SEP_18);
      expect(heartbeat.calls.at(-1)).toBe('ok');
    });

    test.each<[string, DiscordFault]>([
      ['refused for now for a week', { status: 502 }],
      ['of unknown fate four times', 'accept-then-reset'],
    ])('with a folder that counts, a channel that lacks it is told all the same: %s', async (_, fault) => {
      const { story, isWell } = await start({ OUTBOX_DIR: temporaryFolder() });
      story.discord.fault = ({ method }) => (method === 'POST' ? fault : undefined);
      for (const day of [18, 19, 22, 23, 24, 26, 29, 30]) await story.round(`2025-09-${day}T20:45:00Z`);
      expect(await isWell('2025-09-30T21:10:00Z')).toBe(false);
      const troubles = await story.at('2025-09-30T21:10:00Z', ({ ledger }) => ledger.openTroubles());
      expect(troubles).toEqual([{ name: 'delivery-discord-webhook', since: `${EVENT}/alert` }]);
      story.discord.fault = undefined;
      for (const day of ['01', '09']) await story.round(`2025-10-${day}T20:45:00Z`);
      expect(titles(story)).toContain(ALERT);
      expect(await isWell('2025-10-09T21:10:00Z')).toBe(true);
    });

    test('and is told everywhere else: to a channel that was set up since', async () => {
      const { story } = await start();
      story.discord.fault = ({ method }) => (method === 'POST' ? GONE() : undefined);
      await story.check(SEP_18);
      story.configure({ SMTP_URL: story.smtp.url, EMAIL_FROM: 'bell@example.com', EMAIL_TO: 'ann@example.com' });
      await story.round('2025-09-18T21:30:00Z');
      expect(subjects(story)).toEqual([`Not confirmed anywhere yet: ${EVENT}/alert`]);
      story.discord.fault = undefined;
      await story.round('2025-09-18T22:30:00Z');
      expect(subjects(story).at(-1)).toBe(`All clear: Not confirmed anywhere yet: ${EVENT}/alert`);
      expect(titles(story)).toEqual([ALERT]);
    });
  });

  test('one that cannot be reached stops nothing, and its address is in no line', async () => {
    const heartbeat = await useStandIn(startHeartbeat());
    const story = await startStory({ HEARTBEAT_URL: heartbeat.url });
    heartbeat.fault = 'reset';
    const { problems, report } = await story.round(SEP_17);
    expect(report?.asOf).toBe('2025-09-17');
    expect(problems).toEqual([expect.stringMatching(/^HEARTBEAT_URL cannot be reached/), expect.any(String)]);
    expect(problems.join()).not.toContain('secret');
  });
});

describe('a heartbeat that does not get through', () => {
  const TITLE = 'The heartbeat does not get through';

  test('is told in the same round, once, and taken back; an event is told all the same', async () => {
    const heartbeat = await useStandIn(startHeartbeat());
    const story = await startStory({ HEARTBEAT_URL: heartbeat.url });
    heartbeat.fault = { body: 'OK (not found)' };
    await story.round(SEP_17);
    await story.round('2025-09-17T21:30:00Z', false);
    expect(titles(story)).toEqual([TITLE]);
    expect(story.discord.messages[0]?.payload.embeds?.[0]?.description).toMatch(
      /^HEARTBEAT.{1,2}URL answers 'OK \(not found\)'; copy the address .*nobody would notice if this bot stopped/,
    );
    expect(await story.at(SEP_17, async (app) => (await healthOf(app)).ok)).toBe(true);
    await story.round(SEP_18);
    heartbeat.fault = undefined;
    await story.round('2025-09-18T21:45:00Z', false);
    await story.round('2025-09-18T22:45:00Z', false);
    expect(titles(story)).toEqual([TITLE, ALERT, `All clear: ${TITLE}`]);
    expect(JSON.stringify([story.discord.messages, story.smtp.messages])).not.toContain('secret-5f2c');
  });

  test('for a moment only is no trouble', async () => {
    const heartbeat = await useStandIn(startHeartbeat());
    const story = await startStory({ HEARTBEAT_URL: heartbeat.url });
    heartbeat.faultOf = (call, count) => (call === 'ok' && count < 4 ? 'reset' : undefined);
    const { problems } = await story.round(SEP_17);
    expect([heartbeat.calls, problems, titles(story)]).toEqual([['start', 'ok', 'ok', 'ok'], [], []]);
  });

  test('because the service knows the plain address only is no trouble', async () => {
    const heartbeat = await useStandIn(startHeartbeat());
    const story = await startStory({ HEARTBEAT_URL: heartbeat.url });
    heartbeat.faultOf = (call) => (call === 'ok' ? undefined : { status: 404 });
    expect((await story.round(SEP_17)).problems).toEqual([]);
    story.yahoo.fault = () => ({ status: 500 });
    expect((await story.round(SEP_18)).problems.at(-1)).toMatch(/^HEARTBEAT_URL knows no \/fail/);
    expect(titles(story)).toEqual([]);
  });

  test('and is taken out of the settings is no trouble any more', async () => {
    const heartbeat = await useStandIn(startHeartbeat());
    const story = await startStory({ HEARTBEAT_URL: heartbeat.url });
    heartbeat.fault = { status: 404 };
    await story.round(SEP_17);
    story.configure({ HEARTBEAT_URL: '' });
    await story.round('2025-09-17T21:30:00Z', false);
    expect(titles(story)).toEqual([TITLE]);
    expect(await story.at(SEP_17, ({ ledger }) => ledger.openTroubles())).toEqual([]);
  });
});

describe('a paused channel', () => {
  test('gets nothing, its alert is kept past 7 days, and sent on resume; digests and drills are not kept', async () => {
    const story = await startStory();
    await story.round(SEP_17);
    await story.at(SEP_17, (app) => pause(app, 'email', undefined));
    await story.round(SEP_18);
    await story.round('2025-09-19T22:00:00Z');
    await story.round('2025-10-01T16:00:00Z');
    expect(subjects(story)).toEqual([]);
    expect(titles(story)).toEqual([ALERT, 'Drill, not an alert: Russell 2000']);
    const sent = await story.at('2025-10-01T18:00:00Z', async (app) => {
      const resumed = await resume(app, 'email:ann@example.com');
      return sendKept(app, resumed);
    });
    expect(sent).toMatchObject({ deliveries: [{ channel: 'email:ann@example.com', state: 'sent' }] });
    expect(subjects(story)).toEqual([ALERT]);
    expect(subjects(story, 'bob@example.com')).toEqual([]);
  });

  test('goes on by itself on its day', async () => {
    const story = await startStory();
    await story.round(SEP_17);
    await story.at(SEP_17, (app) => pause(app, 'discord-webhook', '2025-09-22'));
    await story.round(SEP_18);
    await story.round('2025-09-22T03:30:00Z', false);
    expect(titles(story)).toEqual([]);
    await story.round('2025-09-22T04:30:00Z', false);
    expect(titles(story)).toEqual([ALERT]);
  });

  test('is refused by another name, or for a day that is over', async () => {
    const story = await startStory();
    await expect(story.at(SEP_17, (app) => pause(app, 'telegram', undefined))).rejects.toThrow(
      "there is no channel 'telegram'; allowed: discord-webhook, email:ann@example.com, email:bob@example.com, email",
    );
    await expect(story.at(SEP_17, (app) => pause(app, 'email', '2025-09-17'))).rejects.toThrow(
      "--until is '2025-09-17'; allowed: a date after today, 2025-09-17",
    );
  });
});

test('a duty that fails stops no other, and says what failed', async () => {
  const story = await startStory();
  await story.round(SEP_17);
  const done = await story.at(SEP_18, async (app) => {
    const freeBytes = () => Promise.reject(new Error('no such disk'));
    return round({ ...app, freeBytes }, 'test', true);
  });
  expect(done.problems).toEqual(['probe: no such disk']);
  expect(done.errors).toHaveLength(1);
  expect(titles(story)).toEqual([ALERT]);
});

test('a quiet hour writes nothing: no run, no message', async () => {
  const story = await startStory();
  await story.round(SEP_17);
  const runs = () => story.at(SEP_17, async ({ ledger }) => (await ledger.runs('2025-01-01')).length);
  const before = await runs();
  expect(await story.round('2025-09-17T22:00:00Z', false)).toEqual({
    report: undefined,
    skipped: undefined,
    posted: [],
    backup: undefined,
    drilled: false,
    problems: [],
    errors: [],
  });
  expect(await runs()).toBe(before);
});
