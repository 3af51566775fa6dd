import { describe, expect, test } from 'vitest';
import { exampleMessage } from '../support/examples.ts';
import { claim, NOW, states, update } from './example-ledger.ts';
import { STORES } from './stores.ts';

const TROUBLE = { name: 'backup', since: NOW };
const WARNING = exampleMessage({ id: `warning/backup/${NOW}`, kind: 'warning' });
const AGAIN = { ...WARNING, id: `${WARNING.id}/again-2` };
const ALL_CLEAR = { ...WARNING, id: `${WARNING.id}/clear` };

describe.each(STORES)('$name', (store) => {
  test('a trouble is raised once, and cleared without a word where nobody was told', async () => {
    const { ledger } = await store.openLedger();
    const warning = { message: WARNING, event: null, channels: ['a', 'b'] };
    await ledger.raise(TROUBLE, warning);
    await ledger.raise(TROUBLE, warning);
    expect(await ledger.openTroubles()).toEqual([TROUBLE]);
    expect(await states(ledger, WARNING.id)).toEqual({ a: 'pending', b: 'pending' });
    await ledger.clear(TROUBLE, { message: ALL_CLEAR, event: null }, NOW);
    expect(await ledger.openTroubles()).toEqual([]);
    expect(await ledger.newestMessages(9)).toEqual([]);
  });

  test('the all-clear goes where the warning or a repeat of it arrived, and what waits is withdrawn', async () => {
    const { ledger } = await store.openLedger();
    await ledger.raise(TROUBLE, { message: WARNING, event: null, channels: ['a', 'b'] });
    await ledger.post({ message: AGAIN, event: null, channels: ['c', 'd'] });
    const other = { ...WARNING, id: `${WARNING.id}0` };
    await ledger.post({ message: other, event: null, channels: ['e'] });
    await ledger.recordResult(await claim(ledger, 'a', 'me', WARNING.id), update({ state: 'sent' }), NOW);
    await ledger.recordResult(await claim(ledger, 'd', 'me', AGAIN.id), update({ state: 'unknown' }), NOW);
    await ledger.clear(TROUBLE, { message: ALL_CLEAR, event: null }, NOW);
    expect(await states(ledger, WARNING.id)).toEqual({ a: 'sent' });
    expect(await states(ledger, AGAIN.id)).toEqual({ d: 'unknown' });
    expect(await states(ledger, ALL_CLEAR.id)).toEqual({ a: 'pending', d: 'pending' });
    // Another trouble's.
    expect(await states(ledger, other.id)).toEqual({ e: 'pending' });
  });
});
