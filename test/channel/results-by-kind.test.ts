import { expect, test } from 'vitest';
import { resultsByKind } from '../../src/channel/results-by-kind.ts';

const ALL = ['discord-webhook', 'email:ann@example.com', 'email:bob@example.com'];
const went = (channel: string, state: string, reason: string | null = null) => ({ channel, state, reason });

test('each kind of channel has a line, and names nobody', () => {
  const deliveries = [
    went('discord-webhook', 'refused', 'Discord answered HTTP 500'),
    went('email:ann@example.com', 'sent'),
    went('email:bob@example.com', 'failed', 'the mail server refused the recipient: 550 5.1.1 <bob@example.com>'),
  ];
  expect(resultsByKind(deliveries, ALL)).toEqual([
    'discord-webhook: refused (Discord answered HTTP 500)',
    'email (2): 1 sent and 1 failed (the first says: the mail server refused the recipient: 550 5.1.1 <email 2 of 2>)',
  ]);
});

test('where nothing went wrong there is nothing to add', () => {
  expect(resultsByKind([went('folder', 'sent')], ['folder'])).toEqual(['folder: sent']);
});
