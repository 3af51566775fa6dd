import { describe, expect, test } from 'vitest';
import { isBehind } from '../../src/daemon/behind.ts';
import { SEP_17, SEP_18, startStory } from '../support/story.ts';

describe('the question that is asked every hour', () => {
  test('is answered yes before the first run, no after it, and yes when the next session is over', async () => {
    const story = await startStory();
    expect(await story.at(SEP_17, isBehind)).toBe(true);
    await story.check(SEP_17);
    expect(await story.at(SEP_17, isBehind)).toBe(false);
    expect(await story.at('2025-09-18T20:34:00Z', isBehind)).toBe(false);
    expect(await story.at('2025-09-18T20:35:00Z', isBehind)).toBe(true);
  });

  test('is answered yes while a message has not arrived', async () => {
    const story = await startStory();
    await story.check(SEP_17);
    story.discord.fault = () => ({ status: 502 });
    await story.check(SEP_18);
    expect(await story.at(SEP_18, isBehind)).toBe(true);
    story.discord.fault = undefined;
    await story.check(SEP_18);
    expect(await story.at(SEP_18, isBehind)).toBe(false);
  });
});
