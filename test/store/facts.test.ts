import { describe, expect, test } from 'vitest';
import { STORES } from './stores.ts';

describe.each(STORES)('facts in $name', (store) => {
  test('are news once, each by its name, and may be none any more', async () => {
    const { ledger, again } = await store.openLedger();
    const noted = [];
    for (const [name, value] of [
      ['a', '1'],
      ['a', '1'],
      ['b', '1'],
      ['a', '2'],
      ['a', null],
      ['a', null],
    ] as const) {
      noted.push(await ledger.noteFact(name, value));
    }
    expect(noted).toEqual([true, false, true, true, true, false]);
    const other = await again();
    expect([await other.fact('a'), await other.fact('b')]).toEqual([undefined, '1']);
  });

  test('name the channels that were noted last', async () => {
    const { ledger } = await store.openLedger();
    expect(await ledger.channelsBefore()).toEqual([]);
    await ledger.noteChannels(['email']);
    await ledger.noteChannels(['folder', 'email']);
    expect(await ledger.channelsBefore()).toEqual(['folder', 'email']);
  });
});
