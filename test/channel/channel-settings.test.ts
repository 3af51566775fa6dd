import { expect, test } from 'vitest';
import { loadSettings } from '../../src/settings/settings.ts';
import { root, WEBHOOK } from '../settings/package-root.ts';

test('the folder is off when another channel is set up, unless it is set too', () => {
  expect(loadSettings(root(), { DISCORD_WEBHOOK_URL: WEBHOOK }).outboxDir).toBeUndefined();
  expect(loadSettings(root(), { DISCORD_WEBHOOK_URL: WEBHOOK, OUTBOX_DIR: '/out' }).outboxDir).toBe('/out');
});
