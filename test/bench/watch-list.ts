import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sessionsBetween } from '../../src/market/new-york.ts';
import { judge } from '../../src/market/sanity.ts';
import { createClosesStore } from '../../src/store/sqlite/closes.ts';
import { openDatabase } from '../../src/store/sqlite/database.ts';

export const NOW = Date.parse('2025-12-31T22:00:00Z');
/** The closes of each symbol. */
export const CLOSES = 10_000;
const SESSIONS = sessionsBetween('1985-01-01', '2025-12-31').slice(-CLOSES);

/** Ten thousand closes that rise, fall for years and rise again: each symbol others, always the same. */
export function closesOf(symbol: number): { session: string; close: number }[] {
  let state = symbol + 1;
  let close = 100;
  return SESSIONS.map((session, day) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
    close *= 1 + (state / 2 ** 31) * 0.015 + 0.0003 + 0.001 * Math.sin((day + 37 * symbol) / 400);
    return { session, close: Math.round(close * 100) / 100 };
  });
}

/**
 * A package root with a watch list of so many signals, each with an index of its own and one benchmark, and its filled
 * database.
 * @returns the time that judging and storing its closes took, in milliseconds
 */
export async function makeWatchList(root: string, signals: number): Promise<number> {
  mkdirSync(join(root, 'config'), { recursive: true });
  const list = Array.from({ length: signals }, (_, at) => ({
    id: `signal-${at}`,
    title: `Signal ${at}`,
    index: `SYM${at}`,
    benchmark: 'SYM0',
    quietYears: 1,
    horizons: [1, 3, 6, 12],
  }));
  writeFileSync(join(root, 'config/signals.json'), JSON.stringify({ signals: list, symbols: {} }));
  writeFileSync(join(root, 'config/schedule.json'), JSON.stringify({ checks: ['16:45'] }));
  const database = openDatabase(join(root, 'market.db'));
  const store = createClosesStore(database);
  let ms = 0;
  for (let at = 0; at < signals; at++) {
    const bars = closesOf(at);
    const began = performance.now();
    await store.store(`SYM${at}`, judge({ symbol: `SYM${at}`, bars }, [], 0.15, NOW));
    ms += performance.now() - began;
  }
  database.close();
  return ms;
}
