import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, expect, onTestFinished, test } from 'vitest';
import { VARIABLES } from '../../src/settings.ts';
import { writeCloses } from '../support/closes-folder.ts';
import { temporaryFolder } from '../support/temporary.ts';

const FAKETIME = ['x86_64', 'aarch64']
  .map((machine) => `/usr/lib/${machine}-linux-gnu/faketime/libfaketime.so.1`)
  .find((path) => existsSync(path));

/** The instant at which a daemon that is started at another one makes its first scheduled check, and what it calls it. */
async function firstScheduled(startAt: string): Promise<{ time: string; why: string }> {
  const folder = temporaryFolder();
  await writeCloses(folder, '2025-12-31', '2025-01-02');
  const blank = Object.fromEntries(VARIABLES.map((name) => [name, '']));
  const child = spawn(process.execPath, [join(import.meta.dirname, '../../src/launch.js'), 'start'], {
    env: {
      PATH: process.env.PATH,
      ...blank,
      // In UTC, so that the clock of the machine has no say.
      TZ: 'UTC',
      LD_PRELOAD: FAKETIME,
      FAKETIME: `@${startAt}`,
      DONT_FAKE_MONOTONIC: '1',
      DATABASE_PATH: join(folder, 'market.db'),
      MARKET_SOURCE: 'csv',
      MARKET_CSV_DIR: folder,
      OUTBOX_DIR: join(folder, 'outbox'),
      DASHBOARD_PORT: '0',
    },
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const exit = once(child, 'exit');
  for await (const text of createInterface({ input: child.stderr as NodeJS.ReadableStream })) {
    const line = JSON.parse(text);
    if (line.why?.startsWith('scheduled')) {
      child.kill('SIGTERM');
      await exit;
      return line;
    }
  }
  throw new Error('it ended without a scheduled check');
}

describe.skipIf(FAKETIME === undefined)(
  'the schedule of the real process, on a clock of its own (needs libfaketime)',
  () => {
    // The clocks of New York change on 2 November 2025 and on 8 March 2026.
    test.each([
      ['2025-11-01 12:29:58', '2025-11-01T12:30:00', 'scheduled 08:30'],
      ['2025-11-02 13:29:58', '2025-11-02T13:30:00', 'scheduled 08:30'],
      ['2026-03-06 21:44:58', '2026-03-06T21:45:00', 'scheduled 16:45'],
      ['2026-03-08 20:44:58', '2026-03-08T20:45:00', 'scheduled 16:45'],
    ])('started at %s UTC it checks at %s', async (startAt, at, why) => {
      const line = await firstScheduled(startAt);
      expect(line.why).toBe(why);
      expect(line.time.slice(0, at.length)).toBe(at);
    });
  },
);
