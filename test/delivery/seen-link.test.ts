import fc from 'fast-check';
import { expect, test } from 'vitest';
import { channelMarked, readSeenToken, seenKey, seenToken } from '../../src/delivery/seen-link.ts';

const KEY = 'the-key-of-this-test';
const ALERT = 'russell-2000/2025-09-18/alert';
const ANN = 'email:ann@example.com';
// Reckoned with Python's hmac and base64: HMAC-SHA256 of the parts, a line each, in base64url without padding; of the
// recipient's the first 16 characters.
const TOKEN = 'cnVzc2VsbC0yMDAwLzIwMjUtMDktMTgvYWxlcnQ.VhhX5Evx3e4KmPvw.To-EfEDT-WRkQtyFLpl1_9ypf7KOg5RLEVupV1blB2s';

test('a token is the same each time, fits into an address as it is, and shows no recipient', () => {
  const token = seenToken(KEY, ALERT, ANN);
  expect(token).toBe(TOKEN);
  expect(token).toBe(encodeURIComponent(token));
  const shown = token.split('.').map((part) => Buffer.from(part, 'base64url').toString('latin1'));
  expect(shown.join()).not.toMatch(/ann|example/);
});

test('says its message, and which of the recipients it is of', () => {
  const token = readSeenToken(KEY, TOKEN);
  expect(token?.message).toBe(ALERT);
  if (token === undefined) return;
  expect(channelMarked(KEY, token, ['discord-webhook', 'email:bob@example.com', ANN])).toBe(ANN);
  expect(channelMarked(KEY, token, ['discord-webhook', 'email:bob@example.com'])).toBeUndefined();
  expect(channelMarked('another key', token, [ANN])).toBeUndefined();
});

test('another message, another recipient and another key make another token in every part that is secret', () => {
  const parts = [TOKEN, seenToken(KEY, 'x/2025-09-18/alert', ANN), seenToken('another key', ALERT, ANN)].map((token) =>
    token.split('.'),
  );
  expect(new Set(parts.map(([, mark]) => mark)).size).toBe(3);
  expect(new Set(parts.map(([, , signature]) => signature)).size).toBe(3);
  expect(seenToken(KEY, ALERT, 'email:bob@example.com').split('.')[0]).toBe(TOKEN.split('.')[0]);
});

test('altered in any character, cut, longer, or put together of two, it is none', () => {
  fc.assert(
    fc.property(fc.nat(TOKEN.length - 1), fc.constantFrom(...'AZaz09-_.=/%\n'), (at, character) => {
      const altered = TOKEN.slice(0, at) + character + TOKEN.slice(at + 1);
      expect(readSeenToken(KEY, altered) === undefined).toBe(altered !== TOKEN);
    }),
  );
  for (let length = 0; length < TOKEN.length; length++) {
    expect(readSeenToken(KEY, TOKEN.slice(0, length))).toBeUndefined();
  }
  const bobs = seenToken(KEY, ALERT, 'email:bob@example.com').split('.');
  const [message, mark, signature] = TOKEN.split('.');
  for (const odd of [
    `${TOKEN}A`,
    ` ${TOKEN}`,
    `${TOKEN}.`,
    `.${mark}.${signature}`,
    `${message}.${bobs[1]}.${signature}`,
    `${message}.${mark}.${bobs[2]}`,
    `${message}..${signature}`,
    '..',
    '__proto__',
    'A'.repeat(10_000),
    `${'A'.repeat(10_000)}.${mark}.${signature}`,
  ]) {
    expect(readSeenToken(KEY, odd), odd.slice(0, 200)).toBeUndefined();
  }
});

test('whatever a message is called, its token is read back', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 60 }), (message) => {
      fc.pre(message.isWellFormed());
      expect(readSeenToken(KEY, seenToken(KEY, message, ANN))?.message).toBe(message);
    }),
  );
});

test('the key is 256 random bits, made once', async () => {
  const kept: string[] = [];
  const ledger = {
    keepFact: async (_: string, value: string) => {
      kept.push(value);
      return kept[0] ?? '';
    },
  };
  const [first, second] = [await seenKey(ledger), await seenKey(ledger)];
  expect(Buffer.from(first, 'base64url')).toHaveLength(32);
  expect(second).toBe(first);
  expect(kept[1]).not.toBe(first);
});
