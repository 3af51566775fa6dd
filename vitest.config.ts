import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Stories open real servers and real files; a shared machine may be slow, and no test is about speed.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Most of a story is waiting for processes and sockets: one worker a core leaves half of the machine idle.
    maxWorkers: availableParallelism() + 1,
  },
});
