import { describe, expect, test } from 'vitest';
import type { Claim } from '../../src/store/deliveries.ts';
import { LeaseLostError } from '../../src/store/errors.ts';
import type { Ledger } from '../../src/store/ledger.ts';
import { ALERT, bring, claim, deliveryOf, lease, NOW, states, update, withAlert } from './example-ledger.ts';
import { STORES } from './stores.ts';

const LATER = '2025-09-18T20:49:00.000Z';

describe.each(STORES)('$name', (store) => {
  describe('a claim', () => {
    test('of two that read the same, only one wins', async () => {
      const { ledger } = await withAlert(store, 'folder');
      await lease(ledger);
      const delivery = await deliveryOf(ledger, 'folder');
      expect(await ledger.claim(delivery, 'me', 'mark', NOW)).toEqual({
        message: ALERT.id,
        channel: 'folder',
        owner: 'me',
        attempt: 1,
      });
      // It has the lease, and read the delivery before it was taken.
      await lease(ledger, 'you');
      expect(await ledger.claim(delivery, 'you', 'other', NOW)).toBeUndefined();
      // Nor what was read as being sent.
      expect(await ledger.claim(await deliveryOf(ledger, 'folder'), 'you', 'other', NOW)).toBeUndefined();
      expect(await deliveryOf(ledger, 'folder')).toMatchObject({
        state: 'sending',
        attempts: 1,
        fingerprint: 'mark',
        changedAt: NOW,
      });
    });

    test('is only for who has the lease, in whatever process', async () => {
      const { ledger, again } = await withAlert(store, 'folder');
      const other = await again();
      const delivery = await deliveryOf(ledger, 'folder');
      await expect(ledger.claim(delivery, 'me', 'mark', NOW)).rejects.toThrow(LeaseLostError);
      await lease(ledger);
      await expect(other.claim(delivery, 'you', 'mark', NOW)).rejects.toThrow(/process 42 on here took over/);
      expect(await states(ledger)).toEqual({ folder: 'pending' });
    });

    test('does not win over one that was claimed and settled in between', async () => {
      const { ledger } = await withAlert(store, 'folder');
      const delivery = await deliveryOf(ledger, 'folder');
      // Refused: pending again, as it was read, but with one attempt more.
      await ledger.recordResult(await claim(ledger, 'folder'), update({ state: 'pending', reason: 'HTTP 500' }), NOW);
      expect(await ledger.claim(delivery, 'me', 'mark', NOW)).toBeUndefined();
      expect(await deliveryOf(ledger, 'folder')).toMatchObject({ state: 'pending', attempts: 1, reason: 'HTTP 500' });
    });

    test('does not win over one that was given up in between', async () => {
      const { ledger } = await withAlert(store, 'folder');
      const delivery = await deliveryOf(ledger, 'folder');
      await lease(ledger);
      await ledger.note(delivery, 'me', update({ state: 'failed', reason: 'given up' }), NOW);
      expect(await ledger.claim(delivery, 'me', 'mark', NOW)).toBeUndefined();
      expect(await states(ledger)).toEqual({ folder: 'failed' });
    });

    test('clears reason and waiting time of the attempt before', async () => {
      const { ledger } = await withAlert(store, 'folder');
      const before = update({ state: 'pending', reason: 'HTTP 429', notBefore: NOW });
      await ledger.recordResult(await claim(ledger, 'folder'), before, NOW);
      expect(await ledger.claim(await deliveryOf(ledger, 'folder'), 'me', 'new', NOW)).toMatchObject({ attempt: 2 });
      expect(await deliveryOf(ledger, 'folder')).toMatchObject({ reason: null, notBefore: null, fingerprint: 'new' });
    });
  });

  describe('a settlement', () => {
    const SENT = update({ state: 'sent', receipt: { id: '1' } });

    test('is the business of the holder who claimed', async () => {
      const { ledger } = await withAlert(store, 'folder');
      const claimed = await claim(ledger, 'folder');
      expect(await ledger.recordResult({ ...claimed, owner: 'you' }, SENT, NOW)).toBe(false);
      expect(await ledger.recordResult(claimed, SENT, NOW)).toBe(true);
      expect(await states(ledger)).toEqual({ folder: 'sent' });
      expect(await ledger.unsent()).toEqual([]);
    });

    test('is noted after the lease was lost, as long as nobody has touched the delivery', async () => {
      const { ledger } = await withAlert(store, 'folder');
      const claimed = await claim(ledger, 'folder');
      await lease(ledger, 'you');
      expect(await ledger.recordResult(claimed, SENT, NOW)).toBe(true);
    });

    describe.each([SENT, update({ state: 'pending', reason: 'HTTP 500' }), update({ state: 'unknown' })])(
      'of a run that woke, as $state, changes nothing',
      (late) => {
        async function takenOver() {
          const { ledger } = await withAlert(store, 'folder');
          const claimed = await claim(ledger, 'folder');
          await lease(ledger, 'you');
          await ledger.abandonSending('you');
          return { ledger, claimed };
        }
        const unchanged = async (ledger: Ledger, claimed: Claim) => {
          const before = await deliveryOf(ledger, 'folder');
          expect(await ledger.recordResult(claimed, late, LATER)).toBe(false);
          expect(await deliveryOf(ledger, 'folder')).toEqual(before);
        };

        test('in what was given up as unknown', async () => {
          const { ledger, claimed } = await takenOver();
          await unchanged(ledger, claimed);
        });

        test('in what another has claimed again', async () => {
          const { ledger, claimed } = await takenOver();
          await claim(ledger, 'folder', 'you');
          await unchanged(ledger, claimed);
        });

        test('in what another has sent', async () => {
          const { ledger, claimed } = await takenOver();
          await ledger.recordResult(await claim(ledger, 'folder', 'you'), SENT, NOW);
          await unchanged(ledger, claimed);
        });

        test('in what it has itself claimed again since', async () => {
          const { ledger, claimed } = await takenOver();
          await claim(ledger, 'folder');
          await unchanged(ledger, claimed);
        });
      },
    );

    test('without an attempt is noted only where nothing has changed, by who has the lease', async () => {
      const { ledger } = await withAlert(store, 'a', 'b');
      const [a, b] = [await deliveryOf(ledger, 'a'), await deliveryOf(ledger, 'b')];
      const failed = update({ state: 'failed', reason: 'given up' });
      await expect(ledger.note(a, 'me', failed, NOW)).rejects.toThrow(LeaseLostError);
      const claimed = await claim(ledger, 'a');
      expect(await ledger.note(a, 'me', failed, NOW)).toBe(false);
      expect(await ledger.note(await deliveryOf(ledger, 'a'), 'me', failed, NOW)).toBe(false);
      await ledger.recordResult(claimed, update({ state: 'pending' }), NOW);
      expect(await ledger.note(a, 'me', failed, NOW)).toBe(false);
      expect(await ledger.note(b, 'me', failed, NOW)).toBe(true);
      expect(await states(ledger)).toEqual({ a: 'pending', b: 'failed' });
    });

    test('keeps the receipt of the channel', async () => {
      const { ledger } = await withAlert(store, 'folder', 'discord-webhook');
      await bring(ledger, 'folder', 'sent', { file: '/tmp/ü' });
      await bring(ledger, 'discord-webhook', 'unknown');
      expect(await ledger.receipt(ALERT.id, 'folder')).toEqual({ file: '/tmp/ü' });
      expect(await ledger.receipt(ALERT.id, 'discord-webhook')).toBeNull();
      expect(await ledger.receipt(ALERT.id, 'nowhere')).toBeNull();
    });

    test('as unknown counts the attempt once, and giving up counts none', async () => {
      const { ledger } = await withAlert(store, 'a', 'b');
      await bring(ledger, 'a', 'unknown');
      const a = await deliveryOf(ledger, 'a');
      expect(a).toMatchObject({ state: 'unknown', attempts: 1, unknownAttempts: 1 });
      await ledger.note(a, 'me', update({ state: 'unknown' }), NOW);
      expect(await deliveryOf(ledger, 'a')).toMatchObject({ unknownAttempts: 1 });
      await ledger.note(await deliveryOf(ledger, 'b'), 'me', update({ state: 'failed', reason: 'given up' }), NOW);
      expect(await deliveryOf(ledger, 'b')).toMatchObject({ state: 'failed', attempts: 0, unknownAttempts: 0 });
    });

    test('what a dead holder was sending is unknown; what this one is sending is not touched', async () => {
      const { ledger } = await withAlert(store, 'a', 'b', 'c');
      await claim(ledger, 'a', 'dead');
      await claim(ledger, 'b');
      await expect(ledger.abandonSending('dead')).rejects.toThrow(LeaseLostError);
      await ledger.abandonSending('me');
      expect(await states(ledger)).toEqual({ a: 'unknown', b: 'sending', c: 'pending' });
      const abandoned = await deliveryOf(ledger, 'a');
      expect(abandoned).toMatchObject({
        unknownAttempts: 1,
        attempts: 1,
        reason: expect.stringContaining('process ended'),
      });
      expect(await ledger.claim(abandoned, 'me', 'mark', NOW)).toMatchObject({ attempt: 2 });
    });
  });
});
