import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

/** The rooms whose tests need no process, no server and no browser: what a change breaks first, told within seconds. */
const QUICK = ['analysis', 'chart', 'console', 'market', 'message', 'render', 'settings', 'signal', 'store', 'study'];

/** Those of them that start processes or servers all the same. */
const SLOW = [
  'analysis/replay',
  'market/{yahoo,yahoo-request,cboe}',
  'settings/proxy',
  'store/sqlite/{known-ledger,database-file,rights}',
  'store/postgres/*',
];

export default defineConfig({
  test: {
    include: ['test/{rooms,docs}.test.ts', ...QUICK.map((room) => `test/${room}/**/*.test.ts`)],
    exclude: SLOW.map((name) => `test/${name}.test.ts`),
    isolate: false,
    maxWorkers: availableParallelism() + 1,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
