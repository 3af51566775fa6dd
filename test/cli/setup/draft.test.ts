import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createDraft } from '../../../src/cli/setup/draft.ts';
import { askedVariables } from '../../../src/cli/setup/setup.ts';
import { rootWith } from '../../support/root.ts';

const SIGNAL = { id: 'rut', title: 'RUT', index: '^RUT', benchmark: '^GSPC', quietYears: 1, horizons: [12] };

async function draftOf(file: string | undefined, environment: Readonly<Record<string, string>> = {}) {
  const root = rootWith([SIGNAL]);
  if (file !== undefined) writeFileSync(join(root, '.env'), file, { mode: 0o600 });
  return createDraft(root, environment, await askedVariables());
}

test('a new .env says what it is, and holds what was answered', async () => {
  const draft = await draftOf(undefined);
  draft.answer({ EMAIL_FROM: 'a@example.com', SMTP_URL: "smtp://u:it's#@h" });
  expect(draft.text()).toMatch(
    /^# Written by npm run setup; .*\n# It holds passwords.*\nSMTP_URL="smtp:\/\/u:it's#@h"\nEMAIL_FROM=a@example.com\n$/,
  );
});

test('what is asked for and not answered is taken out, and nothing else', async () => {
  const draft = await draftOf('LOG_LEVEL=warn\nDISCORD_MENTION=<@1>\nDATABASE_PATH=x.db\nMINE=1\n');
  expect(draft.changes()).toEqual({ DISCORD_MENTION: '' });
  expect(draft.text()).toBe('LOG_LEVEL=warn\nDATABASE_PATH=x.db\nMINE=1\n');
});

test('until it is answered, what is asked for is not set, however wrong it is', async () => {
  const draft = await draftOf('SMTP_URL=nonsense\nDISCORD_WEBHOOK_URL=nonsense\nDASHBOARD_PORT=x\n');
  expect(draft.settings()).toMatchObject({ email: undefined, discordWebhook: undefined, dashboard: { port: 8787 } });
  expect(draft.present('SMTP_URL')).toBe('nonsense');
  expect(() => draft.settings({ DASHBOARD_PORT: 'x' })).toThrow(/^DASHBOARD_PORT is 'x'/);
});

test('what cannot be written is a fault at once', async () => {
  const draft = await draftOf(undefined);
  expect(() => draft.settings({ EMAIL_FROM: `'"\`# a@example.com` })).toThrow(
    /^EMAIL_FROM cannot be written into \.env/,
  );
});

test('half of a channel that is set elsewhere and empty is neither asked for nor taken out', async () => {
  const draft = await draftOf('DISCORD_BOT_TOKEN=token\nDISCORD_CHANNEL_ID=1\n', { DISCORD_BOT_TOKEN: '' });
  expect(draft.changes()).toEqual({});
  // As every command of that shell would say it.
  expect(() => draft.settings()).toThrow(/^DISCORD_BOT_TOKEN is not set; the bot needs/);
});

test('half of a channel that is set elsewhere is looked at once the other half is answered', async () => {
  const draft = await draftOf(undefined, { DISCORD_BOT_TOKEN: 'token' });
  expect(draft.settings().discordBot).toBeUndefined();
  expect(draft.settings({ DISCORD_CHANNEL_ID: '1' }).discordBot).toMatchObject({ token: 'token', channelId: '1' });
  expect(() => draft.settings({ DISCORD_CHANNEL_ID: '' })).toThrow(/^DISCORD_CHANNEL_ID is not set/);
  draft.answer({ DISCORD_CHANNEL_ID: '1', DISCORD_BOT_TOKEN: 'other' });
  expect(draft.changes()).toEqual({ DISCORD_CHANNEL_ID: '1' });
});
