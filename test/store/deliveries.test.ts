import { describe, expect, test } from 'vitest';
import type { DeliveryState } from '../../src/store/deliveries.ts';
import { decision, EVENT } from '../support/examples.ts';
import {
  ALERT,
  bring,
  CORRECTION,
  claim,
  deliveryOf,
  NOW,
  RETRACTION,
  states,
  update,
  withAlert,
} from './example-ledger.ts';
import { STORES } from './stores.ts';

describe.each(STORES)('$name', (store) => {
  test('what is not sent is listed with the oldest message first', async () => {
    const { ledger } = await store.openLedger();
    // Posted the other way round: what counts is when it was decided.
    for (const message of [CORRECTION, ALERT]) await ledger.post({ message, event: null, channels: ['b', 'a'] });
    expect((await ledger.unsent()).map(({ message, channel }) => [message, channel])).toEqual([
      [ALERT.id, 'a'],
      [ALERT.id, 'b'],
      [CORRECTION.id, 'a'],
      [CORRECTION.id, 'b'],
    ]);
  });

  test('of two messages of one moment the one that was posted first comes first', async () => {
    const { ledger } = await store.openLedger();
    const ids = ['z', 'a', 'm'];
    for (const id of ids) await ledger.post({ message: { ...ALERT, id }, event: null, channels: ['folder'] });
    expect((await ledger.unsent()).map(({ message }) => message)).toEqual(ids);
  });

  test('an event that is gone for now puts its deliveries in doubt, until it stands again', async () => {
    const { ledger } = await withAlert(store, 'folder');
    await ledger.decide(decision({ events: [{ ...EVENT, goneSince: NOW }] }));
    expect(await deliveryOf(ledger, 'folder')).toMatchObject({ inDoubt: true });
    await ledger.decide(decision({ events: [EVENT] }));
    expect(await deliveryOf(ledger, 'folder')).toMatchObject({ inDoubt: false });
  });

  describe('where a message may have arrived', () => {
    test.each<[DeliveryState, boolean]>([
      ['pending', false],
      ['failed', false],
      ['sending', true],
      ['unknown', true],
      ['sent', true],
    ])('%s: %s', async (state, reached) => {
      const { ledger } = await withAlert(store, 'a');
      await bring(ledger, 'a', state);
      expect(await ledger.signal('russell-2000')).toMatchObject({ events: [{ reached }] });
    });

    test('a retraction goes where the alert was sent or may have been, and nowhere else', async () => {
      const { ledger } = await withAlert(store, 'sent', 'unknown', 'failed', 'pending');
      for (const state of ['sent', 'unknown', 'failed'] as const) await bring(ledger, state, state);
      await ledger.decide(
        decision({
          events: [{ ...EVENT, status: 'retracted' }],
          withdrawn: [EVENT.id],
          messages: [{ message: RETRACTION, event: EVENT.id, channels: 'reached' }],
        }),
      );
      expect(await states(ledger, RETRACTION.id)).toEqual({ sent: 'pending', unknown: 'pending' });
      expect(await states(ledger)).toEqual({ sent: 'sent', unknown: 'unknown' });
    });

    test('an attempt that may have arrived is not forgotten when the next one is refused', async () => {
      const { ledger } = await withAlert(store, 'a');
      await bring(ledger, 'a', 'unknown');
      const refused = update({ state: 'pending', reason: 'HTTP 502' });
      await ledger.recordResult(await claim(ledger, 'a'), refused, NOW);
      expect(await ledger.signal('russell-2000')).toMatchObject({ events: [{ reached: true }] });
      const posting = { message: RETRACTION, event: EVENT.id, channels: 'reached' } as const;
      await ledger.decide(decision({ withdrawn: [EVENT.id], messages: [posting] }));
      expect(await states(ledger, RETRACTION.id)).toEqual({ a: 'pending' });
    });
  });
});
