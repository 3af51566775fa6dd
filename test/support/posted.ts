import type { Story } from './story.ts';

/** The title of the alert of the story's event. */
export const ALERT = 'Russell 2000: first record close in over a year';
const WARNING_KINDS = /^(No close|Still|All clear|Not delivered|Russell 2000: a close|The |A drill)/;

/** What the webhook answers when somebody has deleted it. */
export const GONE = () => ({ status: 404, body: '{"message":"Unknown Webhook","code":10015}' });

/** The titles of what came on Discord, oldest first. */
export const titles = ({ discord }: Story) => discord.messages.map(({ payload }) => payload.content ?? '');

/** What came to one address, oldest first. */
export const mailsTo = ({ smtp }: Story, to = 'ann@example.com') =>
  smtp.messages.filter(({ envelope }) => envelope.to.includes(to));

/** The subjects of what came to one address, oldest first. */
export const subjects = (story: Story, to?: string) => mailsTo(story, to).map(({ subject }) => subject ?? '');

/** The subjects of all mails, whoever they went to, oldest first. */
export const allSubjects = ({ smtp }: Story) => smtp.messages.map(({ subject }) => subject ?? '');

/** Those of the titles on Discord that are warnings. */
export const warnings = (story: Story) => titles(story).filter((title) => WARNING_KINDS.test(title));
