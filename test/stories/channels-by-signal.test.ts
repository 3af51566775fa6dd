import { describe, expect, test } from 'vitest';
import { labelsById } from '../../src/app/labels.ts';
import { status } from '../../src/check/status.ts';
import { reportLines } from '../../src/console/report.ts';
import { pageFacts } from '../../src/dashboard/page-facts.ts';
import { doctor } from '../../src/health/doctor.ts';
import { noWayOut } from '../../src/health/health.ts';
import { drill } from '../../src/jobs/drill.ts';
import { pause, resume } from '../../src/jobs/pause.ts';
import { ALERT, GONE, subjects, titles } from '../support/posted.ts';
import { EVENT, SEP_17, SEP_18, type Story, startStory } from '../support/story.ts';

const CORRECTION = 'Correction: Russell 2000 record close of 18 Sep 2025';
const FOLLOW_UP = expect.stringMatching(/^After .*since the Russell 2000 record of 18 Sep 2025$/);
const BOB = 'bob@example.com';

/** A story whose signal names channels, from now on others; undefined: none. */
async function naming(names: readonly string[] | undefined) {
  const story = await startStory();
  const { load } = story;
  const name = (channels: readonly string[] | undefined) => {
    story.load = () => {
      const settings = load();
      return { ...settings, signals: settings.signals.map((signal) => ({ ...signal, channels })) };
    };
  };
  name(names);
  return { story, name };
}

/** Another figure in the alert, which two readings agree on. */
async function correct(story: Story): Promise<void> {
  story.setClose('^RUT', '2025-09-18', 2468.1);
  await story.check('2025-09-19T12:30:00Z');
  await story.check('2025-09-19T13:45:00Z');
}

describe('a signal that names its channels', () => {
  test('tells these alone of its events; a drill goes to all', async () => {
    const { story } = await naming(['email:ann@example.com']);
    await story.check(SEP_17);
    await story.check(SEP_18);
    expect([titles(story), subjects(story), subjects(story, BOB)]).toEqual([[], [ALERT], []]);
    const drilled = await story.at(SEP_18, (app) => drill(app));
    if ('skipped' in drilled) throw new Error(drilled.skipped);
    expect(drilled.deliveries.map(({ channel }) => channel)).toEqual([
      'discord-webhook',
      'email:ann@example.com',
      'email:bob@example.com',
    ]);
  });

  test('may name a kind, and a webhook by its alias', async () => {
    const { story } = await naming(['email', 'discord-webhook:1417934283201413130']);
    await story.check(SEP_17);
    await story.check(SEP_18);
    expect([titles(story), subjects(story), subjects(story, BOB)]).toEqual([[ALERT], [ALERT], [ALERT]]);
  });

  test('whose channel is broken is told through the others', async () => {
    const { story } = await naming(['discord-webhook']);
    await story.check(SEP_17);
    story.discord.fault = GONE;
    await story.round(SEP_18);
    expect(subjects(story)).toContain(`Not confirmed anywhere yet: ${EVENT}/alert`);
    await story.round('2025-09-19T12:30:00Z');
    expect(await story.at('2025-09-19T12:40:00Z', noWayOut)).toBe('No channel of Russell 2000 passes its daily test.');
  });

  test('is shown with them by status, doctor and the page, without an address', async () => {
    const { story } = await naming(['email:bob@example.com']);
    await story.check(SEP_17);
    await story.at(SEP_17, async (app) => {
      const report = await status(app);
      expect(report.signals[0]?.channels).toEqual(['email:bob@example.com']);
      expect(reportLines(report, labelsById(app))).toContain('Alerts to   email only');
      const [signal] = app.settings.signals;
      if (signal === undefined) throw new Error('no signal');
      expect((await pageFacts(app, signal, undefined)).alertsTo).toEqual(['email']);
      const findings = await doctor(app.settings, { ...app, ...app.host, random: () => 0.5 }, '/nowhere');
      expect(findings.find(({ what }) => what === 'settings')?.text).toContain(
        'russell-2000 only to: email:bob@example.com',
      );
    });
  });
});

describe('when a signal names others later', () => {
  test('a correction and a follow-up go where the alert went', async () => {
    const { story, name } = await naming(['email:ann@example.com']);
    await story.check(SEP_17);
    await story.check(SEP_18);
    name(['email:bob@example.com']);
    await correct(story);
    await story.round('2025-10-20T21:00:00Z');
    expect(subjects(story).slice(0, 2)).toEqual([ALERT, CORRECTION]);
    expect(subjects(story).at(-1)).toEqual(FOLLOW_UP);
    // A correction stands alone: whom the signal names now has it too, and then what follows.
    const toBob = subjects(story, BOB).filter((subject) => !subject.startsWith('Drill'));
    expect(toBob).toEqual([CORRECTION, FOLLOW_UP]);
  });

  test('what was decided for a channel before still goes there, and so does its correction', async () => {
    const { story, name } = await naming(['email']);
    await story.check(SEP_17);
    await story.at(SEP_17, (app) => pause(app, 'email:ann@example.com', undefined));
    await story.check(SEP_18);
    name(['email:bob@example.com']);
    await correct(story);
    expect([subjects(story), subjects(story, BOB)]).toEqual([[], [ALERT, CORRECTION]]);
    await story.at('2025-09-19T14:00:00Z', (app) => resume(app, 'email:ann@example.com'));
    await story.check('2025-09-19T14:10:00Z');
    expect(subjects(story)).toEqual([ALERT, CORRECTION]);
  });
});

describe('a name that nothing set up answers to', () => {
  const refusal =
    /config\/signals\.json: channels of russell-2000 has "email:cat@example\.com", which is not set up; allowed: discord-webhook, email:ann@example\.com, email:bob@example\.com, email; correct the name/;

  test('is refused when anything is opened, and by doctor in one line', async () => {
    const { story } = await naming(['discord-webhook', 'email:cat@example.com']);
    await expect(story.check(SEP_17)).rejects.toThrow(refusal);
    const runtime = { now: () => Date.parse(SEP_17), sleep: async () => {}, random: () => 0.5, progress: () => {} };
    const findings = await doctor(story.settings, runtime, '/nowhere');
    expect(findings.filter(({ text }) => refusal.test(text)).map(({ ok, what }) => [ok, what])).toEqual([
      [false, 'settings'],
    ]);
  });

  test('is none where a lost .env set it up before: its alerts are kept', async () => {
    const { story } = await naming(['discord-webhook:1417934283201413130']);
    await story.check(SEP_17);
    const { load } = story;
    story.configure({ DISCORD_WEBHOOK_URL: '', SMTP_URL: '', EMAIL_FROM: '', EMAIL_TO: '' });
    story.load = () => ({ ...load(), outboxDir: `${load().databasePath}-outbox` });
    await story.check(SEP_18);
    const kept = await story.at(SEP_18, ({ ledger }) => ledger.deliveriesOf([`${EVENT}/alert`]));
    expect(kept.map(({ channel, state }) => [channel, state])).toEqual([
      ['discord-webhook', 'pending'],
      ['folder', 'sent'],
    ]);
  });
});
