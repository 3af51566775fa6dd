import { describe, expect, test } from 'vitest';
import { STORES } from './stores.ts';

describe.each(STORES)('$name', (store) => {
  test('a part fails since the first of its failures in a row, until it works', async () => {
    const { ledger } = await store.openLedger();
    const [first, second, third] = ['2025-09-16', '2025-09-17', '2025-09-18'].map((day) => `${day}T08:00:00.000Z`);
    await ledger.probe('email', 'refused', first ?? '');
    await ledger.probe('email', 'no answer', second ?? '');
    await ledger.probe('backup', null, second ?? '');
    expect(await ledger.probes()).toEqual([
      { part: 'backup', triedAt: second, failingSince: null, failure: null },
      { part: 'email', triedAt: second, failingSince: first, failure: 'no answer' },
    ]);
    await ledger.probe('email', null, third ?? '');
    expect((await ledger.probes())[1]).toEqual({ part: 'email', triedAt: third, failingSince: null, failure: null });
  });
});
