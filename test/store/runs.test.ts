import { describe, expect, test } from 'vitest';
import { STORES } from './stores.ts';

describe.each(STORES)('$name', (store) => {
  test('the newest runs come first, with what they left behind; the last one may be under way', async () => {
    const { ledger } = await store.openLedger();
    expect([await ledger.lastRun(), await ledger.watchingSince(), await ledger.newestRuns(9)]).toEqual([
      undefined,
      undefined,
      [],
    ]);
    const first = await ledger.beginRun('check', '2025-09-18T20:46:00.000Z');
    await ledger.endRun(first, { fired: ['a/b'], problems: ['no answer'] }, '2025-09-18T20:47:00.000Z', 'me');
    await ledger.beginRun('daemon', '2025-09-19T20:46:00.000Z');
    const running = { command: 'daemon', startedAt: '2025-09-19T20:46:00.000Z', endedAt: null };
    expect(await ledger.newestRuns(9)).toEqual([
      { ...running, fired: [], problems: [] },
      {
        command: 'check',
        startedAt: '2025-09-18T20:46:00.000Z',
        endedAt: '2025-09-18T20:47:00.000Z',
        fired: ['a/b'],
        problems: ['no answer'],
      },
    ]);
    expect(await ledger.newestRuns(1)).toHaveLength(1);
    expect(await ledger.lastRun()).toEqual(running);
    expect(await ledger.runs('2025-09-19T00:00:00.000Z')).toEqual([running]);
    expect(await ledger.watchingSince()).toBe('2025-09-18T20:46:00.000Z');
  });

  test('runs of over 400 days ago are forgotten, but never the newest thousand', async () => {
    const { ledger, again } = await store.openLedger();
    for (let run = 0; run < 1005; run++) await ledger.beginRun('check', '2024-01-01T00:00:00.000Z');
    await ledger.beginRun('check', '2025-09-18T20:46:00.000Z');
    // A thousand of the old ones, and the new one.
    expect(await (await again()).runs('2024-01-01T00:00:00.000Z')).toHaveLength(1001);
    const few = await store.openLedger();
    await few.ledger.beginRun('check', '2024-01-01T00:00:00.000Z');
    await few.ledger.beginRun('check', '2025-09-18T20:46:00.000Z');
    expect(await few.ledger.watchingSince()).toBe('2024-01-01T00:00:00.000Z');
  });
});
