import { describe, expect, test } from 'vitest';
import { decision, EVENT } from '../support/examples.ts';
import { ALERT, bring, NOW, states, withAlert } from './example-ledger.ts';
import { STORES } from './stores.ts';

describe.each(STORES)('$name', (store) => {
  describe('a decision', () => {
    test('writes signal, event, message and a pending delivery for each channel', async () => {
      const { ledger } = await withAlert(store, 'folder', 'email:ann@example.org');
      expect(await ledger.signal('russell-2000')).toEqual({
        fingerprint: 'mark',
        baselineSession: '2025-09-17',
        evaluatedSession: '2025-09-18',
        evaluatedAt: '2025-09-18T20:45:00.000Z',
        events: [{ ...EVENT, messages: [ALERT], reached: false }],
      });
      expect(await ledger.unsent()).toEqual(
        ['email:ann@example.org', 'folder'].map((channel) => ({
          message: ALERT.id,
          kind: 'alert',
          channel,
          state: 'pending',
          attempts: 0,
          unknownAttempts: 0,
          reason: null,
          fingerprint: null,
          notBefore: null,
          inDoubt: false,
          elsewhere: false,
          restored: false,
          decidedAt: ALERT.createdAt,
          changedAt: ALERT.createdAt,
          pause: null,
        })),
      );
    });

    test('survives the process: another one reads the same', async () => {
      const { ledger, again } = await withAlert(store, 'folder');
      const before = [await ledger.signal('russell-2000'), await ledger.unsent()];
      const other = await again();
      expect([await other.signal('russell-2000'), await other.unsent()]).toEqual(before);
    });

    test('that fails in its last line leaves nothing behind', async () => {
      const { ledger } = await store.openLedger();
      const posting = { message: ALERT, event: EVENT.id, channels: ['folder'] };
      const lost = { message: { ...ALERT, id: 'other' }, event: 'no/such', channels: ['folder'] };
      const changes = decision({ events: [EVENT], messages: [posting, lost] });
      await expect(ledger.decide(changes)).rejects.toThrow(/foreign key/i);
      expect(await ledger.signal('russell-2000')).toBeUndefined();
      expect(await ledger.message(ALERT.id)).toBeUndefined();
      expect(await ledger.unsent()).toEqual([]);
    });

    test('that fails later leaves all as it was, withdrawn deliveries too', async () => {
      const { ledger } = await withAlert(store, 'folder', 'discord-webhook');
      await bring(ledger, 'folder', 'sent');
      const before = [await ledger.signal('russell-2000'), await ledger.unsent()];
      const changes = decision({
        fingerprint: 'other',
        events: [{ ...EVENT, status: 'retracted' }],
        withdrawn: [EVENT.id],
        rewritten: [{ ...ALERT, title: 'Other' }],
        messages: [{ message: { ...ALERT, id: 'other' }, event: 'no/such', channels: ['folder'] }],
      });
      await expect(ledger.decide(changes)).rejects.toThrow(/foreign key/i);
      expect([await ledger.signal('russell-2000'), await ledger.unsent()]).toEqual(before);
    });

    test('cannot post for an event that is not there', async () => {
      const { ledger } = await store.openLedger();
      const posting = { message: ALERT, event: 'no/such', channels: ['folder'] };
      await expect(ledger.decide(decision({ messages: [posting] }))).rejects.toThrow(/foreign key/i);
    });

    test('replaces what was known of signal and event, and keeps other signals', async () => {
      const { ledger } = await withAlert(store, 'folder');
      await ledger.decide(decision({ signal: 'other' }));
      const gone = { ...EVENT, goneSince: NOW };
      await ledger.decide(decision({ evaluatedSession: '2025-09-19', events: [gone] }));
      expect(await ledger.signal('russell-2000')).toMatchObject({ evaluatedSession: '2025-09-19', events: [gone] });
      expect(await ledger.signal('other')).toMatchObject({ evaluatedSession: '2025-09-18', events: [] });
    });

    test('rewrites a message and keeps its deliveries', async () => {
      const { ledger } = await withAlert(store, 'folder');
      const rewritten = { ...ALERT, lead: 'Another close.' };
      await ledger.decide(decision({ rewritten: [rewritten] }));
      expect(await ledger.message(ALERT.id)).toEqual(rewritten);
      expect(await states(ledger)).toEqual({ folder: 'pending' });
    });
  });
});
