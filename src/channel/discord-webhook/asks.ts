import type { Asks } from '../asks.ts';
import { MENTION_QUESTION } from '../discord/mention-question.ts';

export const DISCORD_WEBHOOK_ASKS: Asks = {
  title: 'Discord webhook',
  name: 'the Discord webhook',
  hint: 'posts to one channel; a minute to set up',
  guide: [
    'In Discord: Edit Channel, Integrations, Webhooks, New Webhook, Copy Webhook URL.',
    'Anyone who has it can post in the channel: treat it as a password.',
    'For several webhooks, put spaces between them.',
  ],
  questions: [{ name: 'DISCORD_WEBHOOK_URL', text: 'Webhook URL', secret: true }, MENTION_QUESTION],
};
