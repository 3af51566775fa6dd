import { beforeEach, describe, expect, test } from 'vitest';
import { mailsTo, subjects } from '../../support/posted.ts';
import { EVENT, loseEarlierRecords, SEP_17, SEP_18, SEP_19, type Story, startStory } from '../../support/story.ts';

const SEP_19_MORNING = '2025-09-19T12:30:00Z';

let story: Story;

beforeEach(async () => {
  story = await startStory({ OUTBOX_DIR: '' });
  await story.round(SEP_17);
});

describe('a session that is not evaluated, though its close is there', () => {
  test('is told the next morning with what stopped it, and once it is over', async () => {
    const findAgain = loseEarlierRecords(story);
    const { problems } = await story.round(SEP_18);
    expect(problems.join()).toMatch(
      /Russell 2000: \/there\/is\/no\/such\/file\.csv cannot be read \(ENOENT\), so nothing is evaluated; restore it/,
    );
    await story.round(SEP_19_MORNING);
    expect(subjects(story)).toEqual(['Russell 2000: the session of 18 Sep 2025 has not been evaluated']);
    expect(mailsTo(story).at(-1)?.text).toMatch(/A check said: Russell 2000:\s+\S+ cannot be read \(ENOENT\)/);
    findAgain();
    expect((await story.round(SEP_19)).report?.fired).toEqual([EVENT]);
    expect(subjects(story).at(-1)).toMatch(/^All clear: Russell 2000: the session of 18 Sep 2025/);
  });
});
