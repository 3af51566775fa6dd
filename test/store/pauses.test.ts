import { describe, expect, test } from 'vitest';
import { STORES } from './stores.ts';

const [BEGIN, LATER, END, AFTER] = ['2025-09-16', '2025-09-17', '2025-09-18', '2025-09-19'].map(
  (day) => `${day}T04:00:00.000Z`,
) as [string, string, string, string];

describe.each(STORES)('$name', (store) => {
  test('a pause that lasts keeps its beginning when its end is moved; one that is over begins anew', async () => {
    const { ledger } = await store.openLedger();
    await ledger.pause('email', END, BEGIN);
    await ledger.pause('email', null, LATER);
    expect(await ledger.pauses()).toEqual([{ channel: 'email', since: BEGIN, until: null }]);
    await ledger.pause('email', END, LATER);
    await ledger.pause('email', null, AFTER);
    expect(await ledger.pauses()).toEqual([{ channel: 'email', since: AFTER, until: null }]);
  });

  test('a channel is resumed once, and not where it was not paused', async () => {
    const { ledger } = await store.openLedger();
    expect(await ledger.resume('email', BEGIN)).toBe(false);
    await ledger.pause('email', null, BEGIN);
    expect(await ledger.resume('email', LATER)).toBe(true);
    expect(await ledger.resume('email', LATER)).toBe(false);
    expect(await ledger.pauses()).toEqual([{ channel: 'email', since: BEGIN, until: LATER }]);
  });
});
