import { readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { csvWorld, Running } from '../support/running-daemon.ts';

describe('npm start', () => {
  test('killed again and again it waits for the schedule, and floods nobody', async () => {
    const env = await csvWorld();
    for (let start = 1; start <= 5; start++) {
      const daemon = new Running(env);
      await daemon.says(/^check done/);
      daemon.child.kill('SIGKILL');
      await daemon.exit;
    }
    const daemon = new Running(env);
    await daemon.says(/^started again and again/);
    daemon.child.kill('SIGTERM');
    await daemon.exit;
    expect(daemon.lines.some(({ msg }) => msg.startsWith('check'))).toBe(false);
    expect(readdirSync(env.OUTBOX_DIR ?? '').filter((name) => name.endsWith('.txt'))).toHaveLength(1);
    // A clean stop is a new beginning.
    const again = new Running(env);
    await again.says(/^check done/);
    again.child.kill('SIGTERM');
    await again.exit;
  });
});
