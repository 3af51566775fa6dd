import { describe, expect, test } from 'vitest';
import { titles } from '../../support/posted.ts';
import { SEP_17, SEP_18, type Story, startStory } from '../../support/story.ts';
import { startWitnessed } from '../../support/witnessed.ts';

const CLOSE = 2467.7;

const text = ({ smtp }: Story, id: string) =>
  smtp.messages.find(({ headers }) => headers.get('x-breakout-bell-id') === id)?.text?.replaceAll(/\s+/g, ' ') ?? '';

describe('a held close that would be a record, where a second source is asked,', () => {
  const wild = CLOSE * 1.2;

  test.each([
    ['another', CLOSE, 'Cboe reads 2,467.70 for the same session, above the record of 2,442.74.'],
    ['none', 2400, 'Cboe reads 2,400.00 for the same session, below the record of 2,442.74.'],
    ['the same', wild, 'Cboe has it too (2,961.24, delayed quote).'],
  ])('is told with what it reads (%s), and it is asked once', async (_, close, words) => {
    const story = await startWitnessed();
    await story.round(SEP_17);
    story.setClose('^RUT', '2025-09-18', wild);
    story.cboe.tweak = (data) => Object.assign(data, { close, current_price: close });
    await story.round(SEP_18);
    expect(text(story, 'warning/held-russell-2000/2025-09-18')).toContain(words);
    for (const later of ['2025-09-18T21:30:00Z', '2025-09-18T22:30:00Z', '2025-09-19T00:30:00Z'])
      await story.round(later);
    expect(story.cboe.requests).toEqual(['_RUT']);
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
