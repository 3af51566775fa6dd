import { expect, test } from 'vitest';
import { runningDaemon } from '../../src/app/lease.ts';
import { thisProcess } from '../../src/app/this-process.ts';

const HOUR = 3_600_000;
const NOW = Date.parse('2025-09-18T20:45:00Z');

// Of a process on another host only its own word says that it lives.
test.each([
  ['is taken for running for two hours', 2 * HOUR, true],
  ['and for gone after that', 2 * HOUR + 1, false],
  ['as by a clock that is two hours ahead', -2 * HOUR, true],
  ['but not by one that is further ahead', -2 * HOUR - 1, false],
])('a daemon that nobody can see %s', async (_, ago, runs) => {
  const seenAt = new Date(NOW - ago).toISOString();
  const daemon = { ...thisProcess(), host: 'elsewhere', startedAt: seenAt, seenAt };
  const ledger = { daemon: async () => daemon } as never;
  expect(await runningDaemon({ ledger, now: () => NOW })).toEqual(runs ? daemon : undefined);
});
