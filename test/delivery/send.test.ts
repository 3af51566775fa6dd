import { describe, expect, test } from 'vitest';
import type { Outgoing } from '../../src/message/message.ts';
import { LeaseLostError } from '../../src/store/errors.ts';
import { LEASE_MS } from '../../src/store/lease-owner.ts';
import {
  ALERT,
  BUSY,
  CORRECTION,
  FORBIDDEN,
  fakeChannel,
  newBot,
  SENT,
  takenOver,
  UNKNOWN,
} from '../support/delivery-bot.ts';

describe('one run', () => {
  test('a message that refers to another gets the receipt of this channel', async () => {
    const [a, b] = [fakeChannel('a', {}, { state: 'sent', receipt: { id: 'of a' } }), fakeChannel('b', {}, FORBIDDEN)];
    const bot = newBot(a, b);
    await bot.decide(ALERT, CORRECTION);
    b.next.push(FORBIDDEN);
    await bot.run();
    expect(a.received.at(-1)).toEqual({ message: CORRECTION, repeat: false, refersTo: { id: 'of a' } });
    expect(b.received.at(-1)).toEqual({ message: CORRECTION, repeat: false, refersTo: null });
  });

  test('a message goes with the address of its place on the page, where that is known', async () => {
    const a = fakeChannel('a');
    const bot = newBot(a);
    await bot.decide(ALERT);
    await bot.run({ publicUrl: 'https://bell.example.com' });
    expect(a.received.at(-1)?.page).toBe('https://bell.example.com/?signal=russell-2000#event-2025-09-18');
  });

  test('a mail goes with the link by which its reader marks it, and a server that quotes it does not hand it on', async () => {
    const mail = fakeChannel('email:ann@example.com');
    const { send } = mail;
    let link = '';
    const quoting = {
      ...mail,
      send: async (outgoing: Outgoing) => {
        await send(outgoing);
        link = outgoing.seen ?? '';
        return { ...FORBIDDEN, reason: `554 spam: ${link} (${link.replace(/.*\//, '')})` };
      },
    };
    const bot = newBot(quoting, fakeChannel('discord-bot'));
    await bot.decide(ALERT);
    await bot.run({ publicUrl: 'https://bell.example.com' });
    expect(link).toMatch(/^https:\/\/bell\.example\.com\/seen\/[\w.-]+$/);
    const { reason } = await bot.delivery('email:ann@example.com');
    expect(reason).toBe('554 spam: https://bell.example.com/seen/[secret] ([secret])');
  });

  test('a channel of many readers, a message that is no alert, and a page without an address have no such link', async () => {
    const [mail, post] = [fakeChannel('email:ann@example.com'), fakeChannel('discord-webhook')];
    const bot = newBot(mail, post);
    await bot.decide(ALERT, CORRECTION);
    await bot.run({ publicUrl: 'https://bell.example.com' });
    expect(mail.received.map(({ seen }) => seen !== undefined)).toEqual([true, false]);
    expect(post.received.map(({ seen }) => seen)).toEqual([undefined, undefined]);
    const other = newBot(mail);
    await other.decide(ALERT);
    await other.run();
    expect(mail.received.at(-1)).not.toHaveProperty('seen');
  });

  test('a channel that throws ends unknown, without its secrets, and stops no other', async () => {
    const [a, b] = [fakeChannel('a', {}, new Error('POST /webhooks/token failed')), fakeChannel('b')];
    const bot = newBot(a, b);
    await bot.decide(ALERT);
    await bot.run();
    expect(await bot.delivery('a')).toMatchObject({
      state: 'unknown',
      reason: 'a failed: POST /webhooks/[secret] failed',
    });
    expect(await bot.delivery('b')).toMatchObject({ state: 'sent' });
  });

  test('secrets are taken out of every reason', async () => {
    const a = fakeChannel('a', {}, { ...FORBIDDEN, reason: 'bad token' });
    const b = fakeChannel('b', {}, { ...UNKNOWN, reason: 'bad token' });
    const bot = newBot(a, b);
    await bot.decide(ALERT);
    await bot.run();
    expect([(await bot.delivery('a')).reason, (await bot.delivery('b')).reason]).toEqual([
      'bad [secret]',
      'bad [secret]',
    ]);
  });
});

describe('a run that slept, and was taken over from', () => {
  test.each([false, true])('between claim and writing it writes nothing (the other has ended: %s)', async (ended) => {
    let written = 0;
    const a = fakeChannel('a', {
      send: async (_letter, mayWrite) => {
        await takenOver(bot, ended);
        await mayWrite?.().then(
          () => written++,
          () => {},
        );
        // As a channel reports a request that failed before it was written.
        return BUSY;
      },
    });
    const bot = newBot(a);
    await bot.decide(ALERT);
    await expect(bot.run()).rejects.toThrow(LeaseLostError);
    expect(written).toBe(0);
    // Its new owner's.
    expect(await bot.delivery('a')).toMatchObject({ state: 'unknown', attempts: 1, unknownAttempts: 1 });
  });

  test('while it was looking, it looks again', async () => {
    const a = fakeChannel('a', {
      send: async (_letter, mayWrite) => {
        await mayWrite?.();
        return SENT;
      },
    });
    const bot = newBot(a);
    await bot.decide(ALERT);
    let looks = 0;
    const ledger: typeof bot.ledger = {
      ...bot.ledger,
      mayWrite: async (claim, now) => {
        await bot.ledger.mayWrite(claim, now, 30_000);
        looks += 1;
        if (looks > 1) return;
        bot.now += LEASE_MS + 1;
        await takenOver(bot);
      },
    };
    await expect(bot.run({ ledger })).rejects.toThrow(LeaseLostError);
    expect(looks).toBe(1);
    expect(await bot.delivery('a')).toMatchObject({ state: 'unknown' });
  });
});
