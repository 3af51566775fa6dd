import { describe, expect, test } from 'vitest';
import { createChannels } from '../../src/channel/channels.ts';
import { round } from '../../src/daemon/round.ts';
import { openFollowUps } from '../../src/jobs/follow-up.ts';
import { fileOf } from '../support/file-of.ts';
import { ALERT, subjects, titles } from '../support/posted.ts';
import { SEP_17, SEP_18, SEP_19, SEP_22, startStory } from '../support/story.ts';

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
      const channels = await createChannels({ ...app.settings, email });
      await round({ ...app, channels }, { why: 'test', check: 'always' });
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
    await story.at('2025-10-21T20:45:00Z', async (app) => {
      fileOf(app).prepare("delete from closes where session = '2025-09-18' and symbol = '^RUT'").run();
    });
    await story.round('2025-10-21T20:45:00Z');
    await story.round('2025-10-21T21:45:00Z');
    expect(titles(story).at(-1)).toBe('Correction: Russell 2000 record close of 18 Sep 2025');
    const ofAnn = story.smtp.messages.filter(({ envelope }) => envelope.to.includes('ann@example.com'));
    expect(ofAnn.at(-1)?.inReplyTo).toBe(ofAnn[0]?.messageId);
  });
});
