import { describe, expect, test } from 'vitest';
import { pause, resume } from '../../src/jobs/pause.ts';
import { sendKept } from '../../src/jobs/send-kept.ts';
import { ALERT, subjects, titles } from '../support/posted.ts';
import { SEP_17, SEP_18, startStory } from '../support/story.ts';

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
    await story.round('2025-09-22T03:30:00Z', 'when due');
    expect(titles(story)).toEqual([]);
    await story.round('2025-09-22T04:30:00Z', 'when due');
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
