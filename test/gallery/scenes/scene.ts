import type { App } from '../../../src/app/app.ts';
import type { Story } from '../../support/story.ts';

/** A story that makes messages, to be kept as texts. */
export interface Scene {
  readonly title: string;
  /** File → id of a message that is sent. The file's name begins with the kind of its message. */
  readonly messages: Readonly<Record<string, string>>;
  /** File → what is shown at the end to somebody who asks for it, as text. */
  readonly shown?: Readonly<Record<string, (app: App) => Promise<string>>>;
  /** Lives it, in a test. @returns the story, and an instant after its end */
  readonly play: () => Promise<{ readonly story: Story; readonly end: string }>;
}

/** What every scene is set up with: one reader by email, a webhook with a role to mention, the address of the page. */
export const READERS = {
  EMAIL_TO: 'ann@example.com',
  DISCORD_MENTION: '<@&1417934283201413139>',
  PUBLIC_URL: 'https://bell.example.com',
};

/** Rounds of the daemon, one at each of these instants. */
export async function rounds(story: Story, ...instants: readonly string[]): Promise<void> {
  for (const instant of instants) await story.round(instant);
}
