import { describe, expect, test } from 'vitest';
import { readWebhook } from '../../../src/channel/webhook/settings.ts';
import { loadSettings } from '../../../src/settings/settings.ts';
import { root } from '../../settings/package-root.ts';

const WEBHOOK_URL = 'https://example.com/hooks/secret-5f2c?key=hidden-in-the-query';
const SECRET = 'twenty-four bytes at least';

describe('a webhook of one’s own', () => {
  test('is off where nothing is set', () => {
    expect(readWebhook({})).toBeUndefined();
  });

  test('has an address and perhaps a key, as text or as base64', () => {
    expect(readWebhook({ WEBHOOK_URL })).toEqual({ url: new URL(WEBHOOK_URL), key: undefined });
    const encoded = `whsec_${Buffer.from(SECRET).toString('base64')}`;
    for (const WEBHOOK_SECRET of [SECRET, encoded])
      expect(Buffer.from(readWebhook({ WEBHOOK_URL, WEBHOOK_SECRET })?.key ?? '', 'base64').toString()).toBe(SECRET);
  });

  test.each([
    [{ WEBHOOK_SECRET: SECRET }, /^WEBHOOK_SECRET is set without WEBHOOK_URL/],
    [{ WEBHOOK_URL: 'example.com/secret' }, /^WEBHOOK_URL must be an address that begins with https:\/\//],
    [{ WEBHOOK_URL: 'https://user:secret@example.com/' }, /^WEBHOOK_URL .* contains no password$/],
    [
      { WEBHOOK_URL, WEBHOOK_SECRET: 'short' },
      /^WEBHOOK_SECRET has 5 bytes; allowed: 24 to 64; make one with: .*openssl/,
    ],
    [{ WEBHOOK_URL, WEBHOOK_SECRET: `whsec_${'-'.repeat(32)}` }, /^WEBHOOK_SECRET has more than base64 after whsec_/],
  ])('refuses %j', (env, message) => {
    expect(() => readWebhook(env)).toThrow(message);
  });

  test('keeps address and secret out of every text', () => {
    const { secrets, webhook } = loadSettings(root(), { WEBHOOK_URL, WEBHOOK_SECRET: SECRET });
    expect(webhook).toBeDefined();
    expect(secrets).toEqual(
      expect.arrayContaining([WEBHOOK_URL, '/hooks/secret-5f2c?key=hidden-in-the-query', SECRET]),
    );
  });
});
