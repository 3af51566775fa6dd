import { SettingsError } from '../settings-error.ts';
import { type Variables, webUrl } from '../variables.ts';

export interface WebhookSettings {
  readonly url: URL;
  /** The key that messages are signed with, in base64; undefined: they are not. */
  readonly key: string | undefined;
}

// Of a key's bytes. Source: the specification of Standard Webhooks, "Symmetric signatures", which asks for 24 to 64.
const SHORTEST_KEY = 24;
const LONGEST_KEY = 64;
const PREFIX = 'whsec_';

/**
 * Where messages are posted to as JSON; undefined where nothing is set.
 * @throws {SettingsError}
 */
export function readWebhook({ WEBHOOK_URL, WEBHOOK_SECRET }: Variables): WebhookSettings | undefined {
  if (WEBHOOK_URL === undefined) {
    if (WEBHOOK_SECRET === undefined) return undefined;
    throw new SettingsError('WEBHOOK_SECRET is set without WEBHOOK_URL; set the address that messages are posted to');
  }
  return {
    url: webUrl('WEBHOOK_URL', WEBHOOK_URL),
    key: WEBHOOK_SECRET === undefined ? undefined : keyOf(WEBHOOK_SECRET),
  };
}

/** The key in a secret, in base64: `whsec_` and base64, as libraries write it, or any other text as it is. */
function keyOf(secret: string): string {
  const isEncoded = secret.startsWith(PREFIX);
  const text = secret.slice(isEncoded ? PREFIX.length : 0);
  if (isEncoded && !/^[A-Za-z0-9+/]+={0,2}$/.test(text)) {
    throw new SettingsError(
      `WEBHOOK_SECRET has more than base64 after ${PREFIX}; make one with: echo ${PREFIX}$(openssl rand -base64 32)`,
    );
  }
  const key = Buffer.from(text, isEncoded ? 'base64' : 'utf8');
  if (key.length >= SHORTEST_KEY && key.length <= LONGEST_KEY) return key.toString('base64');
  throw new SettingsError(
    `WEBHOOK_SECRET has ${key.length} bytes; allowed: ${SHORTEST_KEY} to ${LONGEST_KEY}; make one with: echo ${PREFIX}$(openssl rand -base64 32)`,
  );
}
