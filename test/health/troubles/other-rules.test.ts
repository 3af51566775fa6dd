import { expect, test } from 'vitest';
import { thisProcess } from '../../../src/app/this-process.ts';
import { otherRules } from '../../../src/health/troubles/other-rules.ts';
import { SEP_17, startStory } from '../../support/story.ts';

const STARTED = '2025-09-17T10:00:00.000Z';

test.each([
  ['by the same rules', { rules: '{"a":"1"}' }, []],
  ['by others, for a minute', { rules: '{"a":"2"}', seenAt: '2025-09-17T10:01:00.000Z' }, []],
  ['by others, for hours', { rules: '{"a":"2"}' }, [STARTED]],
  ['by others, but is dead', { rules: '{"a":"2"}', pid: 4_194_305 }, []],
  ['and says nothing of its rules', {}, []],
])('one that stands by %s', async (_, change, told) => {
  const story = await startStory();
  const seenAt = '2025-09-17T20:45:00.000Z';
  await story.at(SEP_17, async (app) => {
    const leader = { ...thisProcess(), startedAt: STARTED, seenAt, rules: '{"a":"1"}' };
    await app.ledger.instanceLives(leader);
    await app.ledger.lead(leader, () => false);
    await app.ledger.instanceLives({ ...thisProcess(), startedAt: STARTED, seenAt, ...change });
    const troubles = await otherRules.find(app, []);
    expect(troubles.map(({ since }) => since)).toEqual(told);
    for (const { text } of troubles) expect(text).toContain('(a: 2 here, 1 there)');
  });
});
