import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Session } from '../../src/market/close.ts';
import { sessionsBetween } from '../../src/market/new-york.ts';

/** The symbols of the made-up series: an index and its benchmark. */
export const MADE_UP = { index: 'MADE', benchmark: 'UP' } as const;

const FROM: Session = '1979-01-02';
const TO: Session = '2009-12-31';
/** Of the benchmark some sessions are missing, as they are of true sources. */
const MISSING = 0.02;

/**
 * Writes thirty years of two walks that belong together, the same ones each time.
 * @param scale what their closes are multiplied by
 * @param decimals how many their files have
 */
export function writeMadeUp(folder: string, scale: number, decimals: number): void {
  const random = numbers(18);
  let [index, benchmark] = [100, 200];
  const rows: Record<'index' | 'benchmark', string[]> = { index: [], benchmark: [] };
  for (const session of sessionsBetween(FROM, TO)) {
    const common = normal(random);
    index *= Math.exp(0.0003 + 0.012 * (0.8 * common + 0.6 * normal(random)));
    benchmark *= Math.exp(0.0003 + 0.009 * common);
    rows.index.push(`${session},${(index * scale).toFixed(decimals)}`);
    if (random() >= MISSING) rows.benchmark.push(`${session},${(benchmark * scale).toFixed(decimals)}`);
  }
  for (const [name, lines] of Object.entries(rows) as ['index' | 'benchmark', string[]][]) {
    writeFileSync(join(folder, `${MADE_UP[name]}.csv`), `session,close\n${lines.join('\n')}\n`);
  }
}

/** Numbers from 0 to 1 by mulberry32: a few lines, and the same on every machine. */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** By Box and Muller. */
function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
