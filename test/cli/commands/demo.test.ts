import { existsSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { runCli } from '../../support/cli.ts';

describe('demo', () => {
  test('tells the story without any setting, and leaves the messages to look at', async () => {
    const { code, out, err } = await runCli(['demo'], { DATABASE_PATH: '/nowhere/x.db', MARKET_SOURCE: 'nonsense' });
    expect(err).toBe('');
    expect(code).toBe(0);
    expect(out).toMatch(
      /17 Sep 2025, 16:45[\s\S]*armed[\s\S]*To record {3}\+1\.47%\n\nResult {6}no new event, nothing to send\n/,
    );
    expect(out).toMatch(
      /18 Sep 2025, 16:45[\s\S]*2,467\.70[\s\S]*Event {7}russell-2000\/2025-09-18: alert sent to 1 of 1\n/,
    );
    expect(out).toMatch(/18 Sep 2025, 17:30[\s\S]*Result {6}no new event, nothing to send\n/);
    for (const step of ['setup', '.env', 'doctor', 'drill', 'start'])
      expect(out.slice(out.indexOf('Next steps'))).toContain(step);
    const files = out.match(/^ {2}\/.*russell-2000-alert\.(?:txt|html|json)$/gm)?.map((line) => line.trim()) ?? [];
    expect(files).toHaveLength(3);
    expect(files.every((file) => existsSync(file))).toBe(true);
  });
});
