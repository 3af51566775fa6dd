import type { Question } from '../asks.ts';

/** Webhook and bot share it. */
export const MENTION_QUESTION: Question = {
  name: 'DISCORD_MENTION',
  text: 'Whom an alert mentions: <@&role id> or <@user id> (empty: nobody)',
  optional: true,
};
