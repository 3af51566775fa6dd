import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { writeCloses } from '../support/closes-folder.ts';
import { temporaryFolder } from '../support/temporary.ts';
import { FAKETIME, startOnClock } from './daemon-on-clock.ts';

/** The instant at which a daemon that is started at another one makes its first scheduled check, and what it calls it. */
async function firstScheduled(startAt: string): Promise<{ time: string; why?: string }> {
  const folder = temporaryFolder();
  await writeCloses(folder, '2025-12-31', '2025-01-02');
  const { child, line, exit } = startOnClock(startAt, {
    DATABASE_PATH: join(folder, 'market.db'),
    MARKET_SOURCE: 'csv',
    MARKET_CSV_DIR: folder,
    OUTBOX_DIR: join(folder, 'outbox'),
  });
  const found = await line(({ why }) => why?.startsWith('scheduled') ?? false);
  child.kill('SIGTERM');
  await exit;
  return found;
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

describe.skipIf(FAKETIME === undefined)(
  'a board without a battery, before its network is up (needs libfaketime)',
  () => {
    test('starts in 1970, decides nothing, says why, and waits', async () => {
      const folder = temporaryFolder();
      const { child, lines, line, exit } = startOnClock('1970-01-01 00:00:12', {
        DATABASE_PATH: join(folder, 'market.db'),
        YAHOO_FINANCE_URL: 'http://127.0.0.1:9',
        DISCORD_API_URL: 'http://127.0.0.1:9',
        DISCORD_WEBHOOK_URL: 'http://127.0.0.1:9/api/webhooks/1/secret-token',
      });
      const done = await line(({ msg }) => msg.startsWith('check done'));
      child.kill('SIGTERM');
      expect(await exit).toEqual([0, null]);
      expect(done.problems).toEqual(
        expect.arrayContaining([
          expect.stringMatching(/^The clock of this machine is wrong: it says 31 Dec 1969, 19:00/),
        ]),
      );
      expect(done).toMatchObject({ fired: [], asOf: null });
      expect(lines.some(({ level }) => level >= 50)).toBe(false);
      expect(readdirSync(folder)).not.toContain('backups');
    });
  },
);
