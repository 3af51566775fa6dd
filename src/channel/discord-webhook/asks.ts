import type { Asks } from '../asks.ts';
import { MENTION_QUESTION } from '../discord/mention-question.ts';

export const DISCORD_WEBHOOK_ASKS: Asks = {
  title: 'Discord webhook',
  name: 'the Discord webhook',
  hint: 'posts into one channel; a minute to set up',
  guide: [
    'In Discord: Edit Channel, Integrations, Webhooks, New Webhook, Copy Webhook URL.',
    'Whoever has this address can post in the channel: treat it as a password.',
    'Several webhooks: separate the addresses by spaces.',
  ],
  questions: [{ name: 'DISCORD_WEBHOOK_URL', text: 'Webhook address', secret: true }, MENTION_QUESTION],
};
