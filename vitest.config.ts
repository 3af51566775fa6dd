import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Stories open real servers and real files; a shared machine may be slow for minutes, and no test is about speed: what
    // takes nine seconds alone took more than sixty beside others once. The limit is for what hangs.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    // A worker and the files that it has loaded serve one test file after another: a fifth of the time. So a test file leaves
    // nothing behind: what it changes of the process, it puts back.
    isolate: false,
    // Most of a story is waiting for processes and sockets: one worker a core leaves half of the machine idle.
    maxWorkers: availableParallelism() + 1,
  },
});
