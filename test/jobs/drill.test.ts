import { describe, expect, test } from 'vitest';
import { round } from '../../src/daemon/round.ts';
import { drill } from '../../src/jobs/drill.ts';
import { pause } from '../../src/jobs/pause.ts';
import { GONE, subjects, titles } from '../support/posted.ts';
import { SEP_17, startStory } from '../support/story.ts';

describe('the drill', () => {
  test('comes once a quarter, from noon of its first session, on every channel', async () => {
    const story = await startStory();
    await story.round('2025-09-30T20:45:00Z');
    await story.round('2025-10-01T15:59:00Z', 'when due');
    expect(titles(story)).toEqual([]);
    await story.round('2025-10-01T16:00:00Z', 'when due');
    await story.round('2025-10-02T16:00:00Z', 'when due');
    await story.round('2026-01-02T17:30:00Z', 'when due');
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
          host: {
            ...app.host,
            stopping: stopping.signal,
            freeBytes: async () => {
              stopping.abort();
              return 1e12;
            },
          },
        },
        { why: 'test', check: 'when due' },
      ),
    );
    expect(titles(story)).toEqual([]);
    await story.round('2025-10-01T16:05:00Z', 'when due');
    expect(titles(story)).toEqual(['Drill, not an alert: Russell 2000']);
    expect(await story.at('2025-10-01T16:10:00Z', ({ ledger }) => ledger.openTroubles())).toEqual([]);
  });

  test('gives the webhook its bell first, so that it shows what an alert will look like', async () => {
    const story = await startStory();
    await story.round(SEP_17);
    await story.at(SEP_17, (app) => drill(app));
    expect(story.discord.avatar).toMatch(/^data:image\/png;base64,/);
    expect(story.discord.requests.map(({ method }) => method)).toEqual(['GET', 'PATCH', 'POST']);
  });

  test('waits while every channel is paused', async () => {
    const story = await startStory();
    await story.round('2025-09-30T20:45:00Z');
    await story.at('2025-09-30T21:00:00Z', (app) =>
      Promise.all(['email', 'discord-webhook'].map((channel) => pause(app, channel, '2025-10-03'))),
    );
    await story.round('2025-10-01T16:00:00Z', 'when due');
    await story.round('2025-10-03T16:00:00Z', 'when due');
    expect(titles(story)).toEqual(['Drill, not an alert: Russell 2000']);
  });

  test('one that does not arrive is told through the others', async () => {
    const story = await startStory();
    await story.round(SEP_17);
    story.discord.fault = ({ method }) => (method === 'POST' ? GONE() : undefined);
    await story.round('2025-10-01T16:00:00Z', 'when due');
    expect(subjects(story)).toContain('A drill did not arrive: discord-webhook');
  });
});
