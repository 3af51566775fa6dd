import type { ChannelKind } from '../kind.ts';
import { isOpenTo } from '../variables.ts';
import { type NtfySettings, readNtfy } from './settings.ts';

/** A shorter one is a word that people write, and can be guessed. */
const SHORTEST_TOPIC = 12;

/** A topic of ntfy, which phones subscribe to without an account. */
export const NTFY: ChannelKind<NtfySettings> = {
  kind: 'ntfy',
  variables: ['NTFY_URL', 'NTFY_TOKEN'],
  secretVariables: ['NTFY_URL', 'NTFY_TOKEN'],
  takesDigests: false,
  read: readNtfy,
  // Whoever knows the topic can read it, and write to it.
  secrets: ({ server, topic, token }) => [
    new URL(topic, server).href,
    ...(topic.length >= SHORTEST_TOPIC ? [topic] : []),
    ...(token === undefined ? [] : [token, token.replace(/^tk_/, '')]),
  ],
  asks: async () => (await import('./asks.ts')).NTFY_ASKS,
  unencrypted: ({ NTFY_URL = '' }) => (isOpenTo(URL.parse(NTFY_URL), 'http:') ? ['NTFY_URL'] : []),
  create: async (own, _all, { timeout, now }) => {
    const { createNtfyChannel } = await import('./transport.ts');
    return [createNtfyChannel(own, timeout, now)];
  },
};
