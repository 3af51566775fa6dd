import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';

const SEEDS = join(import.meta.dirname, 'seeds.json');
/** The seed of `npm test`: the same cases everywhere and every day. */
const SEED = 20_250_918;

/** A case that once failed: fast-check finds it again by its seed, and its path in the shrinking. */
interface Kept {
  readonly seed: number;
  readonly path?: string;
}

export interface Fuzzing {
  /** What the failures are kept under in `seeds.json`. */
  readonly name: string;
  readonly property: fc.IAsyncPropertyWithHooks<never>;
  /** How many cases `npm test` makes. */
  readonly runs: number;
}

/** How many cases were made. */
export interface Fuzzed {
  readonly name: string;
  readonly seed: number;
  readonly runs: number;
}

/**
 * First the cases that failed once, then new ones. A failure is added to `seeds.json`, to stay in the tests for ever.
 * @param times how many times the cases of `npm test`
 */
export async function fuzz({ name, property, runs }: Fuzzing, seed = SEED, times = 1): Promise<Fuzzed> {
  for (const kept of seedsOf(name))
    await fc.assert(property as fc.IAsyncProperty<unknown>, { ...kept, endOnFailure: true });
  const details = await fc.check(property as fc.IAsyncProperty<unknown>, { seed, numRuns: runs * times });
  if (details.failed) {
    keep(name, { seed, ...(details.counterexamplePath === null ? {} : { path: details.counterexamplePath }) });
    throw new Error(`${name}: ${fc.defaultReportMessage(details as never) ?? 'failed'}`, {
      cause: details.errorInstance,
    });
  }
  return { name, seed, runs: runs * times };
}

function allSeeds(): Record<string, Kept[]> {
  return JSON.parse(readFileSync(SEEDS, 'utf8'));
}

function seedsOf(name: string): readonly Kept[] {
  return allSeeds()[name] ?? [];
}

function keep(name: string, kept: Kept): void {
  const seeds = allSeeds();
  const known = seeds[name] ?? [];
  if (known.some(({ seed, path }) => seed === kept.seed && path === kept.path)) return;
  writeFileSync(SEEDS, `${JSON.stringify({ ...seeds, [name]: [...known, kept] }, null, 2)}\n`);
}
