import { createHmac } from 'node:crypto';

/**
 * The headers that let a receiver know who sent a body, when, and whether it has seen it before.
 * Source: the specification of Standard Webhooks 1.0, "Webhook metadata" and "Signature scheme": HMAC-SHA256 over id, time
 * and body, joined with full stops. Its libraries verify them.
 * @param key in base64; undefined: the body is not signed
 * @param now epoch milliseconds
 */
export function signed(id: string, body: string, key: string | undefined, now: number): Record<string, string> {
  const time = String(Math.floor(now / 1000));
  const name = withoutStops(id);
  const metadata = { 'webhook-id': name, 'webhook-timestamp': time };
  if (key === undefined) return metadata;
  const signature = createHmac('sha256', Buffer.from(key, 'base64')).update(`${name}.${time}.${body}`).digest('base64');
  return { ...metadata, 'webhook-signature': `v1,${signature}` };
}

/**
 * An id that a header can hold, and without full stops, as they separate what is signed. Source: the same, which warns of
 * ids that contain them.
 */
function withoutStops(id: string): string {
  return id.replace(/[^\w/:-]+/g, (text) => encodeURIComponent(text).replaceAll('.', '%2E'));
}
