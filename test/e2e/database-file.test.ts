import { existsSync, readdirSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { writeCloses } from '../support/closes-folder.ts';
import { startHeartbeat } from '../support/heartbeat-server.ts';
import { temporaryFolder, useStandIn } from '../support/temporary.ts';
import { FAKETIME, startOnClock } from './daemon-on-clock.ts';

describe.skipIf(FAKETIME === undefined)('a database that is moved away under the daemon (needs libfaketime)', () => {
  test('stops the watch loudly, and is begun anew with a word by the next process only', async () => {
    const heartbeat = await useStandIn(startHeartbeat());
    const folder = temporaryFolder();
    await writeCloses(folder, '2025-12-31', '2025-01-02');
    const path = join(folder, 'market.db');
    const env = {
      DATABASE_PATH: path,
      MARKET_SOURCE: 'csv',
      MARKET_CSV_DIR: folder,
      OUTBOX_DIR: join(folder, 'outbox'),
      HEARTBEAT_URL: heartbeat.url,
    };
    const daemon = startOnClock('2025-12-31 21:44:54', env);
    const { page } = await daemon.line(({ msg }) => msg === 'watching');
    await daemon.line(({ msg, why }) => msg.startsWith('check done') && why === 'start');
    for (const suffix of ['', '-wal', '-shm']) renameSync(path + suffix, `${path}${suffix}.away`);

    const fatal = await daemon.line(({ level }) => level === 60);
    expect(fatal).toMatchObject({
      msg: 'monitoring has stopped',
      why: 'scheduled 16:45',
      reason: expect.stringMatching(/market\.db was deleted or moved while it was open/),
    });
    const health = await fetch(`${page}/healthz`);
    expect([health.status, await health.json()]).toMatchObject([
      503,
      { ok: false, reasons: [expect.stringMatching(/was deleted or moved/)] },
    ]);
    await daemon.line(({ msg }) => msg === 'round done, with problems');
    expect(heartbeat.calls.at(-1)).toMatch(/^fail: database: .*was deleted or moved/);
    const warnings = () => {
      const names = existsSync(env.OUTBOX_DIR) ? readdirSync(env.OUTBOX_DIR) : [];
      return names
        .filter((name) => name.endsWith('.txt'))
        .map((name) => readFileSync(join(env.OUTBOX_DIR, name), 'utf8'));
    };
    await expect.poll(warnings).toEqual([expect.stringContaining('monitoring has stopped')]);
    daemon.child.kill('SIGTERM');
    expect(await daemon.exit).toEqual([0, null]);
    expect(existsSync(path)).toBe(false);

    // What pm2, or a person, starts next.
    const next = startOnClock('2025-12-31 21:50:00', env);
    await next.line(({ msg }) =>
      /market\.db was missing, so a new one was started: messages that may have been sent since will say/.test(msg),
    );
    await next.line(({ msg }) => msg === 'watching');
    next.child.kill('SIGTERM');
    expect(await next.exit).toEqual([0, null]);
  });
});
