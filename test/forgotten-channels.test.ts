import { expect, test } from 'vitest';
import { drill } from '../src/drill.ts';
import { forgottenChannels } from '../src/forgotten-channels.ts';
import { healthOf } from '../src/health.ts';
import { SEP_17, SEP_18, type Story, startStory } from './support/story.ts';

/** What a `.env` that is gone leaves unset. */
const GONE = { DISCORD_WEBHOOK_URL: '', SMTP_URL: '', EMAIL_FROM: '', EMAIL_TO: '' };

/** Every channel has had a drill; then `.env` is gone, and the folder is where no drill has come. */
async function storyWithoutEnv(): Promise<Story> {
  const story = await startStory();
  await story.check(SEP_17);
  await story.at(SEP_17, drill);
  story.configure(GONE);
  const { load } = story;
  // By default the folder lies in the checkout.
  story.load = () => {
    const settings = load();
    return settings.folderByDefault ? { ...settings, outboxDir: `${settings.databasePath}-outbox` } : settings;
  };
  return story;
}

test('channels that took a drill are not forgotten for 100 days, when nothing is set up any more', async () => {
  const story = await storyWithoutEnv();
  const all = ['discord-webhook', 'email:ann@example.com', 'email:bob@example.com'];
  expect(await story.at(SEP_18, forgottenChannels)).toEqual(all);
  expect(await story.at('2025-12-26T20:44:59Z', forgottenChannels)).toEqual(all);
  expect(await story.at('2025-12-26T20:45:00Z', forgottenChannels)).toEqual([]);
});

test('a folder that is set is meant, and so is another channel', async () => {
  const story = await storyWithoutEnv();
  story.configure({ OUTBOX_DIR: `${story.settings.databasePath}-meant` });
  expect(await story.at(SEP_18, forgottenChannels)).toEqual([]);
  story.configure({ OUTBOX_DIR: '', DISCORD_WEBHOOK_URL: story.discord.webhookUrl });
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
  const words = /^discord-webhook, email:ann@example\.com, .* are not set up any more: is \.env where it was\?/;
  const { problems } = await story.round(SEP_18);
  expect(problems).toEqual([expect.stringMatching(words)]);
  const { ok, reasons } = await story.at(SEP_18, healthOf);
  expect(ok).toBe(false);
  expect(reasons).toContainEqual(expect.stringMatching(words));
});
