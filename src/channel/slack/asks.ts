import type { Asks } from '../asks.ts';

export const SLACK_ASKS: Asks = {
  title: 'Slack',
  name: 'Slack',
  hint: 'posts to one channel through an incoming webhook; without pictures',
  guide: [
    'At https://api.slack.com/apps: Create New App, From scratch, then Incoming Webhooks, On.',
    'Add New Webhook to Workspace, choose the channel, and copy the address.',
    'Anyone who has it can post in the channel: treat it as a password.',
  ],
  questions: [{ name: 'SLACK_WEBHOOK_URL', text: 'Slack webhook URL', secret: true }],
};
