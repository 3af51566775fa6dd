import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type RoundOptions, round } from '../../src/daemon/round.ts';
import { LONGEST_PUT_OFF } from '../../src/delivery/patience.ts';
import { isBackupDue } from '../../src/jobs/backup.ts';
import { isDigestDue } from '../../src/jobs/digest.ts';
import { isDrillDue } from '../../src/jobs/drill.ts';
import { voidFutureStamps } from '../../src/store/sqlite/future-stamps.ts';
import { fileOf } from '../support/file-of.ts';
import { startHeartbeat } from '../support/heartbeat-server.ts';
import { SEP_17, SEP_18, SEP_19, type Story, startStory } from '../support/story.ts';
import { useStandIn } from '../support/temporary.ts';

const ALERT = 'Russell 2000: first record close in over a year';

const CLOCK = 'The clock of this machine is wrong';

const YEAR_2038 = '2038-01-19T20:45:00Z';

const YEAR_1970 = '1970-01-01T00:00:12Z';

const titles = ({ discord }: Story) => discord.messages.map(({ payload }) => payload.content ?? '');

const subjects = ({ smtp }: Story) =>
  smtp.messages.filter(({ envelope }) => envelope.to.includes('ann@example.com')).map(({ subject }) => subject);

/** A round by a machine's clock that may be wrong, while it truly is another time, which the source tells. */
function roundOn(story: Story, machine: string, truth: string, check: RoundOptions['check'] = 'always') {
  return story.at(machine, async (app) => {
    story.yahoo.now = Date.parse(truth);
    story.discord.now = () => Date.parse(truth);
    return round(app, { why: 'test', check });
  });
}

/** A round by that clock, before the network is up. */
async function roundWithoutNetwork(story: Story, machine: string) {
  story.yahoo.fault = () => 'reset';
  story.discord.fault = () => ({ status: 502 });
  story.smtp.fault = () => ({ connect: 421 });
  const done = await story.round(machine);
  story.yahoo.fault = story.discord.fault = story.smtp.fault = undefined;
  return done;
}

/** Everything that a story of a week and the begin of a quarter has to bring, whatever happened before it. */
async function expectTheWeek(story: Story, before: { titles: number; subjects: number }) {
  await story.round('2025-09-18T12:30:00Z');
  const tested = await story.at(SEP_18, ({ ledger }) => ledger.probes());
  const works = { failure: null, triedAt: '2025-09-18T12:30:00.000Z' };
  for (const part of ['channel-discord-webhook', 'channel-email', 'database']) {
    expect(tested.find((probe) => probe.part === part)).toMatchObject(works);
  }
  await story.round(SEP_18);
  await story.round(SEP_19);
  await story.round('2025-09-19T22:00:00Z', 'when due');
  await story.round('2025-10-01T16:00:00Z', 'when due');
  expect(titles(story).slice(before.titles)).toEqual([ALERT, 'Drill, not an alert: Russell 2000']);
  expect(subjects(story).slice(before.subjects)).toEqual([
    ALERT,
    expect.stringMatching(/^All is well: /),
    'Drill, not an alert: Russell 2000',
  ]);
  const copies = readdirSync(join(dirname(story.settings.databasePath), 'backups'));
  expect(copies).toEqual(expect.arrayContaining(['market-2025-09-17.db', 'market-2025-10-01.db']));
}

describe('one round by a clock that is wrong', () => {
  test.each([
    ['in 2038', YEAR_2038],
    ['a year ahead', '2026-09-18T12:45:00Z'],
    ['three days ahead', '2025-09-20T23:00:00Z'],
    ['in 1970', YEAR_1970],
    ['in 2000', '2000-01-01T00:01:00Z'],
    ['five days behind', '2025-09-12T20:45:00Z'],
  ])('%s, while the source tells the time, warns, and leaves nothing behind', async (_, machine) => {
    const story = await startStory();
    await story.round(SEP_17);
    const { problems, report } = await roundOn(story, machine, '2025-09-17T22:00:00Z');
    expect(report?.problems.join()).toMatch(/^The clock of this machine is wrong: it says /);
    expect(problems.join()).not.toMatch(/2038-|No close/);
    expect(titles(story)).toEqual([CLOCK]);
    await roundOn(story, '2025-09-17T23:00:00Z', '2025-09-17T23:00:00Z', 'when due');
    expect(titles(story)).toEqual([CLOCK, `All clear: ${CLOCK}`]);
    await expectTheWeek(story, { titles: 2, subjects: 2 });
  });

  test.each([
    ['in 2038', YEAR_2038],
    ['in 1970', YEAR_1970],
  ])('%s before the network is up decides nothing', async (_, machine) => {
    const heartbeat = await useStandIn(startHeartbeat());
    const story = await startStory({ HEARTBEAT_URL: heartbeat.url });
    await roundOn(story, SEP_17, SEP_17);
    const { report, backup, drilled } = await roundWithoutNetwork(story, machine);
    expect([report?.unread, backup, drilled]).toEqual([true, undefined, false]);
    expect(heartbeat.calls.at(-1)).toMatch(/^fail: The clock of this machine cannot be trusted: it says /);
    await roundOn(story, '2025-09-17T23:00:00Z', '2025-09-17T23:00:00Z', 'when due');
    expect(heartbeat.calls.at(-1)).toBe('ok');
    expect(await story.at(SEP_17, ({ ledger }) => ledger.openTroubles())).toEqual([]);
    await expectTheWeek(story, { titles: 0, subjects: 0 });
  });

  test('in 2038 as the very first one, the event of that evening is news', async () => {
    const story = await startStory();
    await roundOn(story, YEAR_2038, SEP_18);
    expect(titles(story).filter((title) => title === ALERT)).toHaveLength(1);
    const message = await story.at(SEP_18, ({ ledger }) => ledger.message('russell-2000/2025-09-18/alert'));
    expect(message?.createdAt).toBe(new Date(SEP_18).toISOString());
  });

  test('in 1970 as the very first one believes no session, and the event is news once the clock is right', async () => {
    const story = await startStory();
    const { report } = await roundOn(story, YEAR_1970, SEP_18);
    expect(report?.asOf).toBeNull();
    expect(titles(story)).toEqual([CLOCK]);
    await roundOn(story, '2025-09-18T20:50:00Z', '2025-09-18T20:50:00Z');
    expect(titles(story)).toContain(ALERT);
  });

  test('an hour behind believes a session an hour later, and warns', async () => {
    const story = await startStory();
    await story.round(SEP_17);
    await roundOn(story, '2025-09-18T19:45:00Z', SEP_18);
    expect(titles(story)).toEqual([CLOCK]);
    await roundOn(story, '2025-09-18T20:36:00Z', '2025-09-18T21:36:00Z');
    expect(titles(story)).toEqual([CLOCK, ALERT]);
    await roundOn(story, '2025-09-18T22:00:00Z', '2025-09-18T22:00:00Z');
    expect(titles(story)).toEqual([CLOCK, ALERT, `All clear: ${CLOCK}`]);
  });

  test('and without network as the very first one in 1970 leaves a watch that begins when it is right', async () => {
    const story = await startStory();
    await roundWithoutNetwork(story, YEAR_1970);
    await story.round(SEP_17);
    expect(await story.at(SEP_17, ({ ledger }) => ledger.watchingSince())).toBe(new Date(SEP_17).toISOString());
    expect(titles(story)).toEqual([]);
  });

  test('four hours ahead settles nothing early: a close of the day is provisional until the next', async () => {
    const story = await startStory();
    await story.round(SEP_17);
    await roundOn(story, '2025-09-19T04:45:00Z', SEP_18);
    const known = await story.at(SEP_18, async ({ closes }) => closes.known('^RUT', '2025-09-18').at(-1));
    expect(known).toMatchObject({
      session: '2025-09-18',
      state: 'provisional',
      firstReadAt: new Date(SEP_18).toISOString(),
    });
    expect(titles(story)).toEqual([ALERT, CLOCK]);
  });

  test('does not believe a held close because it shows another day', async () => {
    const story = await startStory();
    await story.round(SEP_17);
    story.setClose('^RUT', '2025-09-18', 2900);
    await roundOn(story, SEP_18, SEP_18);
    await roundOn(story, '2025-09-20T20:50:00Z', '2025-09-18T20:50:00Z');
    expect(titles(story)).not.toContain(ALERT);
  });

  test('does not take back an event early: the hour between two readings is by the clock of the source', async () => {
    const story = await startStory();
    await story.round(SEP_17);
    await roundOn(story, SEP_18, SEP_18);
    story.setClose('^RUT', '2025-09-18', 2430);
    await roundOn(story, '2025-09-18T21:30:00Z', '2025-09-18T21:30:00Z');
    await roundOn(story, '2025-09-19T01:40:00Z', '2025-09-18T21:40:00Z');
    expect(titles(story).filter((title) => title.startsWith('Retracted'))).toEqual([]);
    await roundOn(story, '2025-09-18T22:40:00Z', '2025-09-18T22:40:00Z');
    expect(titles(story).filter((title) => title.startsWith('Retracted'))).toHaveLength(1);
  });

  test('by less than five minutes is right', async () => {
    const story = await startStory();
    const { problems } = await roundOn(story, SEP_17, '2025-09-17T20:41:00Z');
    expect([problems, titles(story)]).toEqual([[], []]);
  });
});

describe('what is due', () => {
  test('is due however far ahead it was done last', async () => {
    const story = await startStory();
    await story.round(SEP_17);
    await story.at(SEP_17, async (app) => {
      fileOf(app).exec(`
        insert into messages values ('drill/x', null, 'drill', '2038-01-19T00:00:00.000Z', '{}');
        insert into deliveries (message, channel, state, attempts, changed_at) values ('drill/x', 'discord-webhook', 'sent', 1, '2038-01-19T00:00:00.000Z');
        insert into messages values ('digest/2025-09-19', null, 'digest', '2025-09-16T22:00:00.000Z', '{"createdAt":"2025-09-16T22:00:00.000Z"}');`);
    });
    const folder = join(dirname(story.settings.databasePath), 'backups');
    await story.at('2038-01-19T20:45:00Z', async (app) => {
      fileOf(app).prepare('vacuum into ?').run(join(folder, 'market-2038-01-19.db'));
    });
    expect(await story.at('2025-09-24T20:45:00Z', async (app) => isBackupDue(app))).toBe(true);
    expect(await story.at('2025-10-01T16:00:00Z', isDrillDue)).toBe(true);
    expect(await story.at('2025-09-19T22:00:00Z', isDigestDue)).toBe(true);
    for (const day of ['09-24', '10-01', '10-08']) await story.round(`2025-${day}T20:45:00Z`);
    const copies = readdirSync(folder);
    expect(copies).toContain('market-2025-09-17.db');
    expect(copies).not.toContain('market-2038-01-19.db');
  });

  test('a digest that was written before its day was over is written again, once', async () => {
    const story = await startStory();
    await story.round(SEP_17);
    // On Wednesday, by a clock that shows Friday, and nobody tells the time.
    await story.round('2025-09-19T23:00:00Z');
    const digests = () => subjects(story).filter((subject) => /well: |attention: /.test(subject ?? ''));
    expect(digests()).toHaveLength(1);
    await story.round('2025-09-17T23:30:00Z');
    await story.round(SEP_18);
    await story.round('2025-09-19T22:00:00Z');
    await story.round('2025-09-19T23:30:00Z');
    await story.round('2025-09-22T12:30:00Z');
    expect(digests()).toHaveLength(2);
  });
});

describe('what a clock has left behind', () => {
  const FUTURE = '2038-01-19T03:14:07.000Z';

  test('is taken out where it would silence or put off something, and only that', async () => {
    const story = await startStory();
    await story.round(SEP_17);
    await story.round(SEP_18);
    const dump = () =>
      story.at(SEP_18, async (app) =>
        ['closes', 'signals', 'events', 'messages', 'deliveries', 'runs', 'pauses', 'symbols'].map((table) =>
          fileOf(app).prepare(`select * from ${table}`).all(),
        ),
      );
    const before = await dump();
    await story.at('2025-09-18T21:00:00Z', async (app) => voidFutureStamps(fileOf(app), app.now(), LONGEST_PUT_OFF));
    expect(await dump()).toEqual(before);
    await story.at(SEP_18, async (app) => {
      fileOf(app).exec(`
        update deliveries set state = 'pending', not_before = '${FUTURE}', changed_at = '${FUTURE}' where channel = 'discord-webhook';
        update messages set created_at = '${FUTURE}', body = json_set(body, '$.createdAt', '${FUTURE}');
        update events set gone_since = '${FUTURE}' where session = '2025-09-18';
        update signals set evaluated_at = '${FUTURE}';
        update symbols set read_at = '${FUTURE}';
        insert into runs (command, started_at) values ('start', '${FUTURE}'), ('start', '1970-01-01T00:00:12.000Z');
        insert into pauses values ('email', '${FUTURE}', '2038-01-19T03:15:00.000Z'), ('folder', '2025-09-18T12:00:00.000Z', '2038-01-19T05:00:00.000Z');`);
    });
    await story.at('2025-09-18T21:00:00Z', async (app) => voidFutureStamps(fileOf(app), app.now(), LONGEST_PUT_OFF));
    const [closes, signals, events, messages, deliveries, runs, pauses, symbols] = await dump();
    const all = JSON.stringify([closes, signals, events, messages, deliveries, runs, symbols]);
    expect(all).not.toMatch(/2038|1970/);
    expect(pauses).toEqual([
      { channel: 'email', since: '2025-09-18T21:00:00.000Z', until: '2025-09-18T21:00:00.000Z' },
      { channel: 'folder', since: '2025-09-18T12:00:00.000Z', until: '2038-01-19T05:00:00.000Z' },
    ]);
  });

  test('a lease of years holds nobody up, and a run of then forgets no run of now', async () => {
    const story = await startStory();
    await story.round(SEP_17);
    await story.at(YEAR_2038, async ({ ledger, now }) => {
      const other = { id: 'x', host: 'elsewhere', pid: 1, processStarted: null };
      await ledger.takeLease(other, now(), () => false);
      for (let run = 0; run < 3; run++) await ledger.beginRun('start', new Date(now()).toISOString());
    });
    expect((await story.round(SEP_18)).skipped).toBeUndefined();
    expect(titles(story)).toEqual([ALERT]);
    expect(await story.at(SEP_18, ({ ledger }) => ledger.watchingSince())).toBe(new Date(SEP_17).toISOString());
  });

  test('a message that is put off for years is sent', async () => {
    const story = await startStory();
    await story.round(SEP_17);
    story.discord.fault = () => ({ status: 429, headers: { 'retry-after': '3600' }, body: '{"retry_after":3600}' });
    await story.round(SEP_18);
    story.discord.fault = undefined;
    await story.at(SEP_18, async (app) => {
      fileOf(app).exec(`update deliveries set not_before = '${FUTURE}'`);
    });
    await story.check('2025-09-18T21:30:00Z');
    expect(titles(story)).toEqual([ALERT]);
  });
});
