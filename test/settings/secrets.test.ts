import { describe, expect, test } from 'vitest';
import { withoutSecrets } from '../../src/message/clean-words.ts';
import { loadSettings } from '../../src/settings/settings.ts';
import { root, WEBHOOK } from './package-root.ts';

describe('secrets', () => {
  test('are the token, the password and the addresses that hold them, also decoded and as SMTP sends them', () => {
    const settings = loadSettings(root(), {
      DISCORD_WEBHOOK_URL: WEBHOOK,
      SMTP_URL: 'smtp://ann:p%40ss@mail.example.com',
      EMAIL_FROM: 'a@b.c',
      EMAIL_TO: 'x@y.z',
      HEARTBEAT_URL: 'https://hc-ping.com/5f2c',
      DASHBOARD_TOKEN: 'a-token-of-the-page',
    });
    expect(withoutSecrets('Bearer a-token-of-the-page', settings.secrets)).toBe('Bearer [secret]');
    expect(withoutSecrets('https://hc-ping.com/5f2c/fail', settings.secrets)).toBe('[secret]/fail');
    // The last two by `printf '\\0ann\\0p@ss' | base64` and `printf 'p@ss' | base64`.
    const text = `${WEBHOOK} tok-en_1 smtp://ann:p%40ss@mail.example.com p%40ss p@ss AGFubgBwQHNz cEBzcw==`;
    expect(withoutSecrets(text, settings.secrets)).toBe(Array(7).fill('[secret]').join(' '));
  });
});
