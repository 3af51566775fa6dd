import { defineConfig } from 'vitest/config';

// Stories open real servers and real files; a shared machine may be slow, and no test is about speed.
export default defineConfig({ test: { include: ['test/**/*.test.ts'], testTimeout: 60_000, hookTimeout: 60_000 } });
