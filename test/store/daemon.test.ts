import { describe, expect, test } from 'vitest';
import type { Daemon } from '../../src/store/runs.ts';
import { NOW, ownerOf } from './example-ledger.ts';
import { STORES } from './stores.ts';

const daemon = (id: string): Daemon => ({ ...ownerOf(id), startedAt: NOW, seenAt: NOW });
const alive = () => false;

describe.each(STORES)('the daemons in $name', (store) => {
  test('one leads and is known, and is forgotten by its own stop only', async () => {
    const { ledger, again } = await store.openLedger();
    expect(await ledger.daemon()).toBeUndefined();
    expect(await ledger.lead(daemon('me'), alive)).toBeUndefined();
    // It says again that it lives.
    expect(await ledger.lead(daemon('me'), alive)).toBeUndefined();
    const other = await again();
    expect(await other.daemon()).toMatchObject({ id: 'me', host: 'here', pid: 42 });
    await other.daemonStopped('you');
    expect(await ledger.daemon()).toMatchObject({ id: 'me' });
    await ledger.daemonStopped('me');
    expect(await other.daemon()).toBeUndefined();
  });

  test('another one leads after its stop, and a stop of one that stands by changes nothing', async () => {
    const { ledger, again } = await store.openLedger();
    const other = await again();
    await ledger.lead(daemon('first'), alive);
    expect(await other.lead(daemon('second'), alive)).toMatchObject({ id: 'first' });
    await other.daemonStopped('second');
    expect(await other.daemon()).toMatchObject({ id: 'first' });
    await ledger.daemonStopped('first');
    expect(await other.lead(daemon('second'), alive)).toBeUndefined();
    expect(await ledger.lead(daemon('first'), alive)).toMatchObject({ id: 'second' });
  });

  test('every one is among the instances until it stops, in the order of their start', async () => {
    const { ledger } = await store.openLedger();
    await ledger.instanceLives(daemon('a'));
    await ledger.instanceLives(daemon('b'));
    expect((await ledger.instances()).map(({ id }) => id)).toEqual(['a', 'b']);
    await ledger.daemonStopped('a');
    expect((await ledger.instances()).map(({ id }) => id)).toEqual(['b']);
  });
});
