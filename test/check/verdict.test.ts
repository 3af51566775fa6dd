import { expect, test } from 'vitest';
import { firedBy, orProblem, problemsOf, statesOf } from '../../src/check/verdict.ts';
import { SourceError } from '../../src/market/source.ts';
import type { Decision } from '../../src/store/events.ts';

const SIGNAL = { title: 'Russell 2000' };
const settings = { secrets: ['hunter2'] };

test('a file that cannot be used stops its signal only, and says so without secrets', async () => {
  const act = () => {
    throw new SourceError('/data/hunter2.csv cannot be read');
  };
  expect(await orProblem(settings, SIGNAL, act)).toEqual({
    problem: 'Russell 2000: /data/[secret].csv cannot be read',
  });
  expect(await orProblem(settings, SIGNAL, async () => 'found')).toBe('found');
});

test('an error that nobody expected is no problem of a signal', async () => {
  const act = () => {
    throw new TypeError('a fault of the program');
  };
  await expect(orProblem(settings, SIGNAL, act)).rejects.toThrow('a fault of the program');
});

test('only alerts of events are fired', () => {
  const posting = (kind: string, event: string | null) => ({ message: { kind }, event });
  const decision = { messages: [posting('alert', 'a/1'), posting('correction', 'a/0'), posting('alert', null)] };
  expect(firedBy([decision, { messages: [] }] as unknown as Decision[])).toEqual(['a/1']);
});

test('verdicts without a state or a problem add none', () => {
  const verdicts = [{ problem: 'no closes' }, {}];
  expect([statesOf(verdicts), problemsOf(verdicts)]).toEqual([[], ['no closes']]);
});
