import { hostname } from 'node:os';
import { describe, expect, test } from 'vitest';
import { openServer } from '../store/postgres-store.ts';
import { allSubjects, titles } from '../support/posted.ts';
import { NO_POSTGRES, newDatabase } from '../support/postgres.ts';
import { SEP_17, SEP_18, SEP_19, SEP_22, startStory } from '../support/story.ts';

/*
 * The main story with its ledger in PostgreSQL: each step is another process with a copy of its own. All other stories can be
 * run on it too: STORIES_ON=postgres npx vitest run test/stories.
 */
describe.skipIf(NO_POSTGRES !== undefined)('hosts of one PostgreSQL', () => {
  const onPostgres = async () => startStory({ DATABASE_URL: (await newDatabase()).url });

  test('tell an event once, whoever looks, and take it back once where it is gone', async () => {
    const story = await onPostgres();
    await story.round(SEP_17);
    await story.round(SEP_18);
    await story.round(SEP_18);
    const alert = 'Russell 2000: first record close in over a year';
    expect(titles(story)).toEqual([alert]);
    expect(allSubjects(story)).toEqual([alert, alert]);
    for (const day of [18, 19, 22, 23]) story.setClose('^RUT', `2025-09-${day}`, 2_440);
    for (const evening of [SEP_19, SEP_22, '2025-09-23T20:45:00Z']) await story.round(evening);
    const retraction = 'Retracted: Russell 2000 record close of 18 Sep 2025';
    expect(titles(story).filter((title) => title === retraction)).toHaveLength(1);
    expect(titles(story).filter((title) => title === alert)).toHaveLength(1);
    const runs = await story.at(SEP_22, ({ ledger }) => ledger.newestRuns(10));
    expect(runs.flatMap(({ fired }) => fired)).toEqual(['russell-2000/2025-09-18']);
  });

  test('have a clock each: how wrong one is corrects no other', async () => {
    const story = await onPostgres();
    await story.round(SEP_17);
    const postgres = await openServer(story.environment.DATABASE_URL ?? '');
    const noted = await postgres.rows<{ name: string }>("select name from facts where name like 'clock%'");
    expect(noted).toEqual([{ name: `clock ${hostname()}` }]);
    // Another host was an hour and a half ahead of the source a minute ago; here the evening goes by as it is.
    const fast = { source: Date.parse(SEP_18) - 5_400_000, machine: Date.parse(SEP_18) };
    await postgres.changes("insert into facts (name, value) values ('clock elsewhere', $1)", JSON.stringify(fast));
    await story.round(SEP_18);
    expect(titles(story)).toEqual(['Russell 2000: first record close in over a year']);
  });
});
