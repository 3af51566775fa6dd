import { expect, test } from 'vitest';
import { DIGEST_CHANNEL, DIGEST_CHANNEL_WORDS, DIGEST_CHANNELS_BY_DEFAULT } from '../../src/channel/digest-channels.ts';

test.each(['email', 'email:ann@example.com', 'discord-webhook', 'discord-webhook:99', 'discord-bot', 'folder'])(
  '%s takes digests',
  (name) => {
    expect(name).toMatch(DIGEST_CHANNEL);
  },
);

test.each(['sms', 'email:ann', 'emails', 'folder:x', ''])("'%s' is no channel", (name) => {
  expect(name).not.toMatch(DIGEST_CHANNEL);
});

test('what is allowed is said in words, and mail and the folder take them by default', () => {
  expect(DIGEST_CHANNEL_WORDS).toBe(
    "'email' (all addresses), 'email:ann@example.com', 'discord-webhook' (all webhooks), " +
      "'discord-webhook:123456789012345678', 'discord-bot', 'slack', 'telegram', 'ntfy', 'webhook' or 'folder'",
  );
  expect(DIGEST_CHANNELS_BY_DEFAULT).toEqual(['email', 'folder']);
});
