import { expect, test } from 'vitest';
import { forgottenChannels } from '../../src/check/forgotten-channels.ts';
import { healthOf } from '../../src/health/health.ts';
import { SEP_17, SEP_18, type Story, startStory } from '../support/story.ts';

/** What a `.env` that is gone leaves unset. */
const GONE = { DISCORD_WEBHOOK_URL: '', SMTP_URL: '', EMAIL_FROM: '', EMAIL_TO: '' };

/** A run with every channel; then `.env` is gone. */
async function storyWithoutEnv(): Promise<Story> {
  const story = await startStory();
  await story.check(SEP_17);
  story.configure(GONE);
  const { load } = story;
  // By default the folder lies in the checkout.
  story.load = () => {
    const settings = load();
    return settings.folderByDefault ? { ...settings, outboxDir: `${settings.databasePath}-outbox` } : settings;
  };
  return story;
}

test('the channels of the run before are not forgotten when nothing is set up any more', async () => {
  const story = await storyWithoutEnv();
  const all = ['discord-webhook', 'email:ann@example.com', 'email:bob@example.com'];
  expect(await story.at(SEP_18, forgottenChannels)).toEqual(all);
  expect(await story.at('2029-09-18T20:45:00Z', forgottenChannels)).toEqual(all);
});

test('a folder that is set is meant, and so is another channel', async () => {
  const story = await storyWithoutEnv();
  story.configure({ OUTBOX_DIR: `${story.settings.databasePath}-meant` });
  expect(await story.at(SEP_18, forgottenChannels)).toEqual([]);
  story.configure({ OUTBOX_DIR: '', DISCORD_WEBHOOK_URL: story.discord.webhookUrl });
  expect(await story.at(SEP_18, forgottenChannels)).toEqual([]);
});

test('a folder that was chosen in between is a choice', async () => {
  const story = await storyWithoutEnv();
  story.configure({ OUTBOX_DIR: `${story.settings.databasePath}-meant` });
  await story.check(SEP_17);
  story.configure({ OUTBOX_DIR: '' });
  expect(await story.at(SEP_18, forgottenChannels)).toEqual([]);
});

test('who has used the folder only has forgotten nothing', async () => {
  const story = await startStory(GONE);
  story.configure({ OUTBOX_DIR: '' });
  await story.check(SEP_17);
  expect(await story.at(SEP_18, forgottenChannels)).toEqual([]);
});

test('status, health and the heartbeat say so', async () => {
  const story = await storyWithoutEnv();
  const words =
    /^discord-webhook, email:ann@example\.com, .* were set up before, but no channel is now: is \.env still in place/;
  // Who runs the bot reads whose addresses they were; /healthz, the heartbeat and the messages say how many.
  const { problems } = await story.round(SEP_18);
  expect(problems).toEqual([expect.stringMatching(words)]);
  const { ok, reasons } = await story.at(SEP_18, healthOf);
  expect(ok).toBe(false);
  expect(reasons).toContainEqual(
    expect.stringMatching(
      /^discord-webhook, email \(2\) were set up before, but no channel is now: is \.env still in place/,
    ),
  );
});
