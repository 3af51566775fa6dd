import type { ChannelKind } from '../kind.ts';
import { readSlack } from './settings.ts';

/** An incoming webhook of Slack. */
export const SLACK: ChannelKind<URL> = {
  kind: 'slack',
  variables: ['SLACK_WEBHOOK_URL'],
  secretVariables: ['SLACK_WEBHOOK_URL'],
  takesDigests: false,
  read: readSlack,
  secrets: (url) => [url.href, url.pathname, url.pathname.split('/').at(-1) ?? ''],
  asks: async () => (await import('./asks.ts')).SLACK_ASKS,
  create: async (own, _all, { timeout, now }) => {
    const { createSlackChannel } = await import('./transport.ts');
    return [createSlackChannel(own, timeout, now)];
  },
};
