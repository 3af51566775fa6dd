import type { Story } from './story.ts';

/** The title of every alert of September 2025. */
export const ALERT = 'Russell 2000: first record close in over a year';

/** The subjects of all mails, in the order in which they came. */
export function subjects({ smtp }: Story): string[] {
  return smtp.messages.map(({ subject }) => subject ?? '');
}

/** The titles of all posts on Discord, in the order in which they came. */
export function titles({ discord }: Story): string[] {
  return discord.messages.map(({ payload }) => payload.embeds?.[0]?.title ?? '');
}
