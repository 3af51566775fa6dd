import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Patience, withRetries } from '../../src/market/retry.ts';

fc.configureGlobal({ seed: 20250918 });

interface Story {
  readonly attempts: number;
  /** One uniform number per wait. */
  readonly random?: readonly number[];
  /** The task succeeds at this attempt; never when it is left out. */
  readonly succeedsAt?: number;
  readonly delayFor?: (error: unknown) => number | undefined;
}

/** Lets a task fail and tells what came of it, what each attempt met, and how long each wait was. */
async function run({ attempts, random = [], succeedsAt = Infinity, delayFor = () => 0 }: Story) {
  const waits: number[] = [];
  let tried = 0;
  let drawn = 0;
  const patience: Patience = {
    attempts,
    firstDelay: 1000,
    maxDelay: 10_000,
    sleep: async (ms) => void waits.push(ms),
    random: () => random[drawn++] ?? 0,
  };
  const task = async () => {
    tried += 1;
    if (tried >= succeedsAt) return `answer ${tried}`;
    throw new Error(`failure ${tried}`);
  };
  const result = await withRetries(task, delayFor, patience).catch((error: Error) => error);
  return { result, tried, waits };
}

describe('trying again', () => {
  test('is not needed when the first attempt succeeds: nothing waits', async () => {
    expect(await run({ attempts: 3, succeedsAt: 1 })).toEqual({ result: 'answer 1', tried: 1, waits: [] });
  });

  test('ends with the first success', async () => {
    const { result, tried, waits } = await run({ attempts: 5, succeedsAt: 3, random: [0.5, 0.5] });
    expect([result, tried]).toEqual(['answer 3', 3]);
    expect(waits).toEqual([500, 1000]);
  });

  test.each([1, 2, 4])('ends after %i attempts with the last error, and does not wait after it', async (attempts) => {
    const { result, tried, waits } = await run({ attempts });
    expect(result).toEqual(new Error(`failure ${attempts}`));
    expect(tried).toBe(attempts);
    expect(waits).toHaveLength(attempts - 1);
  });

  test('ends at once with an error that trying again cannot help', async () => {
    const delayFor = (error: unknown) => ((error as Error).message === 'failure 2' ? undefined : 0);
    const { result, tried, waits } = await run({ attempts: 5, delayFor });
    expect(result).toEqual(new Error('failure 2'));
    expect(tried).toBe(2);
    expect(waits).toHaveLength(1);
  });

  test('ends at once when the server asks for more patience than there is', async () => {
    const { result, tried, waits } = await run({ attempts: 5, delayFor: () => 10_001 });
    expect([result, tried, waits]).toEqual([new Error('failure 1'), 1, []]);
  });
});

describe('a wait', () => {
  test('is a uniform part of a ceiling that doubles up to the maximum', async () => {
    const { waits } = await run({ attempts: 7, random: [0.5, 0.5, 0.5, 0.5, 0.5, 0.5] });
    expect(waits).toEqual([500, 1000, 2000, 4000, 5000, 5000]);
  });

  test('is at least what the server asked for', async () => {
    expect((await run({ attempts: 2, delayFor: () => 7000, random: [0.999] })).waits).toEqual([7000]);
    expect((await run({ attempts: 2, delayFor: () => 10_000 })).waits).toEqual([10_000]);
    expect((await run({ attempts: 2, delayFor: () => 100, random: [0.5] })).waits).toEqual([500]);
  });

  test('lies between what the server asked for and the ceiling, whatever is drawn', async () => {
    const draws = fc.array(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), {
      minLength: 9,
      maxLength: 9,
    });
    await fc.assert(
      fc.asyncProperty(draws, fc.integer({ min: 0, max: 10_000 }), async (random, asked) => {
        const { waits } = await run({ attempts: 10, random, delayFor: () => asked });
        for (const [index, wait] of waits.entries()) {
          expect(wait).toBeGreaterThanOrEqual(asked);
          expect(wait).toBeLessThanOrEqual(Math.max(asked, Math.min(10_000, 1000 * 2 ** index)));
        }
      }),
    );
  });
});
