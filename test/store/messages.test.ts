import { describe, expect, test } from 'vitest';
import { decision, EVENT, exampleMessage } from '../support/examples.ts';
import { ALERT, bring, CORRECTION, claim, NOW, RETRACTION, states, update, withAlert } from './example-ledger.ts';
import { STORES } from './stores.ts';

describe.each(STORES)('$name', (store) => {
  test('a message comes back as it was, in any script and with every part', async () => {
    const { ledger } = await store.openLedger();
    const message = exampleMessage({
      title: 'Größer „Rekord" 指数 🔔',
      figures: { "it's": '−9.8%' },
      refersTo: 'x/y/z',
    });
    await ledger.post({ message, event: null, channels: [] });
    expect(await ledger.message(message.id)).toEqual(message);
    expect(await ledger.message('no/such/message')).toBeUndefined();
  });

  test('posting the same message again changes nothing', async () => {
    const { ledger } = await store.openLedger();
    const warning = exampleMessage({ id: 'warning/held/2025-09-18', kind: 'warning' });
    await ledger.post({ message: warning, event: null, channels: ['folder'] });
    await ledger.post({ message: { ...warning, title: 'Other' }, event: null, channels: ['folder', 'email:ann'] });
    expect(await ledger.message(warning.id)).toEqual(warning);
    expect(await ledger.unsent()).toMatchObject([{ channel: 'folder', kind: 'warning', inDoubt: false }]);
  });

  test('the messages that arrived are those that can no longer be taken back, the newest first', async () => {
    const { ledger } = await withAlert(store, 'a', 'b');
    const arrived = async (limit = 10) => (await ledger.arrived(['alert', 'correction'], limit)).map(({ id }) => id);
    expect(await arrived()).toEqual([]);
    // It may yet be refused.
    await bring(ledger, 'a', 'sending');
    expect(await arrived()).toEqual([]);
    await bring(ledger, 'b', 'unknown');
    expect(await arrived()).toEqual([ALERT.id]);
    for (const message of [CORRECTION, RETRACTION]) {
      await ledger.decide(decision({ messages: [{ message, event: EVENT.id, channels: ['a'] }] }));
      const claimed = await claim(ledger, 'a', 'me', message.id);
      expect(await ledger.recordResult(claimed, update({ state: 'sent' }), NOW)).toBe(true);
    }
    expect(await arrived()).toEqual([CORRECTION.id, ALERT.id]);
    expect(await arrived(1)).toEqual([CORRECTION.id]);
    expect(await ledger.arrived(['retraction'], 10)).toEqual([RETRACTION]);
  });

  test('and one that was surely refused everywhere is none of them', async () => {
    const { ledger } = await withAlert(store, 'a');
    await bring(ledger, 'a', 'failed');
    expect(await ledger.arrived(['alert'], 10)).toEqual([]);
  });

  describe('withdrawing an event', () => {
    test('that nobody was told of frees the ids of its messages', async () => {
      const { ledger } = await withAlert(store, 'a', 'b');
      await bring(ledger, 'b', 'failed');
      await ledger.decide(decision({ events: [{ ...EVENT, status: 'cancelled' }], withdrawn: [EVENT.id] }));
      expect(await ledger.message(ALERT.id)).toBeUndefined();
      expect(await ledger.unsent()).toEqual([]);
      const posting = { message: { ...ALERT, lead: 'It returned.' }, event: EVENT.id, channels: ['a'] };
      await ledger.decide(decision({ events: [EVENT], messages: [posting] }));
      expect(await states(ledger)).toEqual({ a: 'pending' });
      expect(await ledger.message(ALERT.id)).toMatchObject({ lead: 'It returned.' });
    });

    test('keeps what arrived, and touches no other event', async () => {
      const { ledger } = await withAlert(store, 'a', 'b');
      await bring(ledger, 'a', 'sent', { id: '1' });
      const other = { ...EVENT, id: 'russell-2000/2016-11-14', session: '2016-11-14' };
      const message = exampleMessage({ id: 'russell-2000/2016-11-14/alert' });
      await ledger.decide(decision({ events: [other], messages: [{ message, event: other.id, channels: ['a'] }] }));
      await ledger.decide(decision({ withdrawn: [EVENT.id] }));
      expect(await states(ledger)).toEqual({ a: 'sent' });
      expect(await ledger.receipt(ALERT.id, 'a')).toEqual({ id: '1' });
      expect(await states(ledger, message.id)).toEqual({ a: 'pending' });
    });
  });
});
