/** Two documents of figures, as JSON has them. */
type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json };

/** What was compared, and where the two differ: a line each. */
export interface Comparison {
  readonly figures: number;
  readonly differences: readonly string[];
}

/** How far two figures may lie apart: what 64 bits make of thousands of sums. */
const EXACT = 1e-10;
/** A resampled interval hangs on the numbers that were drawn. Of the width of an interval: many times the error of its ends, with 5,000 resamples. */
const OF_WIDTH = 0.12;
const INTERVALS = ['meanInterval', 'rateInterval'];

/** Compares every figure of `theirs` with the one of the same name of `ours`. */
export function compare(ours: Json | undefined, theirs: Json, path = ''): Comparison {
  const name = path.split('.').at(-1) ?? '';
  if (INTERVALS.includes(name) && isInterval(ours) && isInterval(theirs)) return compareIntervals(ours, theirs, path);
  if (typeof theirs === 'number' && typeof ours === 'number') {
    return of(Math.abs(ours - theirs) <= EXACT * Math.max(1, Math.abs(theirs)), ours, theirs, path);
  }
  if (typeof theirs !== 'object' || theirs === null || typeof ours !== 'object' || ours === null) {
    return of(ours === theirs, ours, theirs, path);
  }
  const [left, right] = [ours, theirs] as Readonly<Record<string, Json>>[];
  const names = [...new Set([...Object.keys(left ?? {}), ...Object.keys(right ?? {})])];
  const parts = names.map((key) =>
    right !== undefined && key in right
      ? compare(left?.[key], right[key] ?? null, path === '' ? key : `${path}.${key}`)
      : { figures: 1, differences: [`${path}.${key} is only ours: ${JSON.stringify(left?.[key])}`] },
  );
  return {
    figures: parts.reduce((sum, { figures }) => sum + figures, 0),
    differences: parts.flatMap(({ differences }) => differences),
  };
}

function compareIntervals(ours: readonly [number, number], theirs: readonly [number, number], path: string) {
  const width = theirs[1] - theirs[0];
  const near = ours.every((end, at) => Math.abs(end - (theirs[at] ?? 0)) <= OF_WIDTH * width);
  return of(near, ours, theirs, path);
}

function isInterval(value: Json | undefined): value is readonly [number, number] {
  return Array.isArray(value) && value.length === 2;
}

function of(same: boolean, ours: Json | undefined, theirs: Json, path: string): Comparison {
  const words = `${path}: ${JSON.stringify(ours)}, and ${JSON.stringify(theirs)} by pandas`;
  return { figures: 1, differences: same ? [] : [words] };
}
