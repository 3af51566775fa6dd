import { readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { isDatabaseFailure, warnPastLedger } from '../../src/daemon/ledger-failure.ts';
import { round } from '../../src/daemon/round.ts';
import { titles } from '../support/posted.ts';
import { SEP_17, SEP_18, startStory } from '../support/story.ts';

test('a database that cannot be read at all is told past the ledger, by an id that mail systems know again', async () => {
  const story = await startStory();
  await story.round(SEP_17);
  await story.at(SEP_18, async (app) => {
    // While the daemon has it open, all but the first page, which holds the schema, turns to garbage.
    const bytes = readFileSync(story.settings.databasePath);
    writeFileSync(story.settings.databasePath, bytes.fill(0xff, 4096));
    const { errors } = await round(app, { why: 'test', check: 'always' });
    const failure = errors.find(isDatabaseFailure);
    expect(failure?.message).toMatch(/malformed/);
    for (let time = 0; time < 2; time++) await warnPastLedger(app, failure ?? new Error('none'));
  });
  expect(new Set(titles(story))).toEqual(new Set(['The database cannot be used: monitoring has stopped']));
  expect(new Set(story.smtp.messages.map(({ messageId }) => messageId)).size).toBe(2);
});
