import { describe, expect, test } from 'vitest';
import { planSetup } from '../../../src/cli/setup/setup.ts';
import { createFakePrompter } from '../../support/fake-prompter.ts';
import { startSetup } from '../../support/setup-stage.ts';

describe('a wrong answer', () => {
  test('is told with its cure, as doctor tells it, and asked again with the answers before', async () => {
    const setup = await startSetup();
    const prompter = createFakePrompter([
      [/Which ones/, ['discord-bot', 'email']],
      [/Bot token/, 'no-token-of-a-bot'],
      [/Channel ID/, 'general'],
      [/What to do about the Discord bot/, 'again'],
      [/Channel ID/, setup.discord.channelId],
      [/What to do about the Discord bot/, 'again'],
      [/Bot token \(set\)/, setup.discord.botToken],
      [/Mail server/, '127.0.0.1'],
      [/^Port/, new URL(setup.smtp.url).port],
      [/User name/, 'user'],
      [/Password/, 'wrong'],
      [/^From/, 'bell@example.com'],
      [/^To/, 'ann@example.com'],
      [/What to do about email/, 'again'],
      [/Password, often an app password \(set\)/, 'secret'],
    ]);
    const stage = await setup.stage(prompter);
    await planSetup(stage);
    expect(prompter.left()).toEqual([]);
    expect(prompter.seen.filter((line) => line.startsWith('bad: '))).toEqual([
      'bad: DISCORD_CHANNEL_ID is not a channel id; allowed: digits only (turn on Developer Mode, then Copy Channel ID)',
      expect.stringMatching(/^bad: discord-bot: Discord does not know this bot; copy the token .* DISCORD_BOT_TOKEN/),
      expect.stringMatching(
        /^bad: email:ann@example.com: the mail server refused the login \(535 .*check user and password/,
      ),
    ]);
    expect(prompter.seen).toContain(`? Port: 587 for STARTTLS, 465 for TLS [${new URL(setup.smtp.url).port}]`);
    expect(stage.draft.changes()).toEqual({
      DISCORD_BOT_TOKEN: setup.discord.botToken,
      DISCORD_CHANNEL_ID: setup.discord.channelId,
      SMTP_URL: setup.smtp.url,
      EMAIL_FROM: 'bell@example.com',
      EMAIL_TO: 'ann@example.com',
    });
  });

  test.each([
    ['without', {}],
    ['keep', { DISCORD_WEBHOOK_URL: 'wrong' }],
  ])('may be let go: %s', async (choice, kept) => {
    const setup = await startSetup();
    const wrong = setup.discord.webhookUrl.replace(setup.discord.token, 'wrongtoken');
    const prompter = createFakePrompter([
      [/Which ones/, ['discord-webhook']],
      [/Webhook URL/, wrong],
      [/What to do about/, choice],
    ]);
    const stage = await setup.stage(prompter);
    await planSetup(stage);
    expect(stage.draft.changes()).toEqual('DISCORD_WEBHOOK_URL' in kept ? { DISCORD_WEBHOOK_URL: wrong } : {});
    expect(setup.discord.messages).toEqual([]);
  });

  test('may be tried once more, when what was in the way is gone', async () => {
    const setup = await startSetup();
    setup.discord.fault = () => (setup.discord.requests.length < 3 ? 'reset' : undefined);
    const prompter = createFakePrompter([
      [/Which ones/, ['discord-webhook']],
      [/Webhook URL/, setup.discord.webhookUrl],
      [/What to do about/, 'same'],
      [/What to do about/, 'same'],
    ]);
    const stage = await setup.stage(prompter);
    await planSetup(stage);
    expect(prompter.left()).toEqual([]);
    expect(stage.draft.changes()).toEqual({ DISCORD_WEBHOOK_URL: setup.discord.webhookUrl });
  });

  test('is found by the drill where only that can', async () => {
    const setup = await startSetup();
    // A forum takes a new post or nothing, and no test without one says so (docs/architecture.md).
    setup.discord.channel = { type: 15 };
    const prompter = createFakePrompter([
      [/Which ones/, ['discord-webhook']],
      [/Webhook URL/, setup.discord.webhookUrl],
      [/Send a drill/, true],
      [/What to do about/, 'again'],
      [/Webhook URL/, `${setup.discord.webhookUrl}?thread_name=Bell`],
      [/Send a drill/, true],
    ]);
    await planSetup(await setup.stage(prompter));
    expect(prompter.left()).toEqual([]);
    expect(prompter.seen).toContainEqual(
      expect.stringMatching(/^bad: discord-webhook: the drill did not arrive: .*thread_name/),
    );
    expect(setup.discord.messages).toHaveLength(1);
  });
});
