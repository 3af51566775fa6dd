import { describe, expect, test } from 'vitest';
import { titles } from '../../support/posted.ts';
import { SEP_17, SEP_18, startStory } from '../../support/story.ts';

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
