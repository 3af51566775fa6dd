import type { Asks } from '../asks.ts';

export const WEBHOOK_ASKS: Asks = {
  title: 'Your own webhook',
  name: 'your own webhook',
  hint: 'posts every message as JSON to an address of yours, for programs',
  guide: [
    'The address must answer a POST of JSON with 2xx. docs/webhook.md describes what is posted.',
    'With a secret each post is signed. To make one: echo whsec_$(openssl rand -base64 32)',
  ],
  questions: [
    { name: 'WEBHOOK_URL', text: 'Address to post to', secret: true },
    { name: 'WEBHOOK_SECRET', text: 'Secret to sign with (empty: not signed)', secret: true, optional: true },
  ],
};
