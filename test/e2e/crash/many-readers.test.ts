import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { expect, test } from 'vitest';
import { SEP_17, SEP_18, startStory } from '../../support/story.ts';
import { start } from './trial.ts';

const READERS = Array.from({ length: 120 }, (_, at) => `reader-${at}@example.com`);
/** At each of four moments of a mail; by then more than two are under way. */
const MOMENTS = [
  ['connected', 8],
  ['recipient', 70],
  ['data', 75],
  ['taken', 80],
] as const;

test.each(MOMENTS)(
  'killed at "%s" %i in the middle of many mails, each reader has one, or a second of the same Message-ID',
  {
    timeout: 120_000,
  },
  async (moment, nth) => {
    const story = await startStory({ EMAIL_TO: READERS.join(',') });
    const { smtp } = story;
    await story.check(SEP_17);
    const child = start(story, SEP_18);
    let count = 0;
    smtp.watch = (step) => {
      count += step === moment ? 1 : 0;
      if (step === moment && count === nth) child.kill('SIGKILL');
    };
    expect((await once(child, 'exit'))[1]).toBe('SIGKILL');
    smtp.watch = undefined;
    const taken = new Set(smtp.messages.flatMap(({ envelope }) => envelope.to));
    expect(taken.size).toBeGreaterThan(10);
    expect(taken.size).toBeLessThan(READERS.length);

    // The next run, a process of its own: what was not begun goes out, what was under way is not known.
    await once(start(story, '2025-09-18T20:46:00Z'), 'exit');
    const unknown = await story.at('2025-09-18T20:47:00Z', async ({ ledger }) => ledger.unsent());
    expect(unknown.length).toBeLessThanOrEqual(4);
    for (const { state, reason } of unknown)
      expect([state, reason]).toEqual(['unknown', expect.stringMatching(/ended/)]);
    const known = smtp.messages.flatMap(({ envelope }) => envelope.to);
    // Nobody has it twice yet; who lacks it is among those that are unknown.
    expect(new Set(known).size).toBe(known.length);
    const lacking = READERS.filter((reader) => !known.includes(reader)).map((reader) => `email:${reader}`);
    expect(unknown.map(({ channel }) => channel)).toEqual(expect.arrayContaining(lacking));

    await story.check('2025-09-18T21:50:00Z');
    const mails = Map.groupBy(smtp.messages, ({ envelope }) => envelope.to.join());
    expect([...mails.keys()].toSorted()).toEqual(READERS.toSorted());
    const twice = [...mails.values()].filter((all) => all.length > 1);
    expect(twice.length).toBeLessThanOrEqual(unknown.length);
    for (const [first, second, ...more] of twice) {
      expect(more).toEqual([]);
      expect(second?.messageId).toBe(first?.messageId);
      expect(second?.subject).toMatch(/\(may be a repeat\)$/);
    }
    expect(new Set(smtp.messages.map(({ messageId }) => messageId)).size).toBe(READERS.length);
  },
);

test('where the write-ahead log is lost too, nobody is left out, and nobody has it twice unmarked', {
  timeout: 120_000,
}, async () => {
  const story = await startStory({ EMAIL_TO: READERS.join(',') });
  const { smtp } = story;
  await story.check(SEP_17);
  const child = start(story, SEP_18);
  smtp.watch = (step) => {
    if (step === 'taken' && smtp.messages.length === 80) child.kill('SIGKILL');
  };
  await once(child, 'exit');
  smtp.watch = undefined;
  for (const suffix of ['-wal', '-shm']) rmSync(`${story.settings.databasePath}${suffix}`, { force: true });
  for (const instant of ['2025-09-18T20:46:00Z', '2025-09-18T22:00:00Z']) await once(start(story, instant), 'exit');
  const mails = Map.groupBy(smtp.messages, ({ messageId }) => messageId);
  expect(new Set(smtp.messages.flatMap(({ envelope }) => envelope.to)).size).toBe(READERS.length);
  expect(mails.size).toBe(READERS.length);
  for (const [, second] of mails.values()) if (second) expect(second.subject).toMatch(/\(may be a repeat\)$/);
});
