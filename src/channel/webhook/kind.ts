import type { ChannelKind } from '../kind.ts';
import { isOpenTo } from '../variables.ts';
import { readWebhook, type WebhookSettings } from './settings.ts';

/** What is shorter in an address is a word, and no token. */
const SHORTEST_TOKEN = 16;

/** An address of one's own that takes every message as JSON. */
export const WEBHOOK: ChannelKind<WebhookSettings> = {
  kind: 'webhook',
  variables: ['WEBHOOK_URL', 'WEBHOOK_SECRET'],
  secretVariables: ['WEBHOOK_URL', 'WEBHOOK_SECRET'],
  takesDigests: false,
  read: readWebhook,
  // The address may hold a token, in its path or behind the question mark.
  secrets: ({ url }, { WEBHOOK_SECRET }) => [
    ...(url.pathname.length + url.search.length > 8 ? [url.href, `${url.pathname}${url.search}`] : []),
    ...[...url.pathname.split('/'), ...url.searchParams.values()].filter((part) => part.length >= SHORTEST_TOKEN),
    ...(WEBHOOK_SECRET === undefined ? [] : [WEBHOOK_SECRET, WEBHOOK_SECRET.replace(/^whsec_/, '')]),
  ],
  unencrypted: ({ WEBHOOK_URL = '' }) => (isOpenTo(URL.parse(WEBHOOK_URL), 'http:') ? ['WEBHOOK_URL'] : []),
  asks: async () => (await import('./asks.ts')).WEBHOOK_ASKS,
  create: async (own, _all, { timeout, now }) => {
    const { createWebhookChannel } = await import('./transport.ts');
    return [createWebhookChannel(own, timeout, now)];
  },
};
