import { expect, test } from 'vitest';
import { loadSettings } from '../../src/settings/settings.ts';
import { BOT } from '../support/discord-stand-in.ts';
import { root } from './package-root.ts';

const MAIL = { SMTP_URL: 'smtps://mail.example.com', EMAIL_FROM: 'a@example.com', EMAIL_TO: 'b@example.com' };
const PUBLIC_URL = 'https://bell.example.com';
const WEBHOOK = { DISCORD_WEBHOOK_URL: 'https://discord.com/api/webhooks/1/token' };

test.each<[string, Record<string, string>, number | undefined]>([
  ['with the bot', BOT, 24],
  ['with mail and a page that readers reach', { ...MAIL, PUBLIC_URL }, 24],
  ['with mail alone', MAIL, undefined],
  ['with a page alone', { PUBLIC_URL }, undefined],
  ['with a webhook', { ...WEBHOOK, PUBLIC_URL }, undefined],
  ['where it is set', { ...BOT, REMIND_AFTER_HOURS: '168' }, 168],
  ['where it is not wanted', { ...BOT, REMIND_AFTER_HOURS: 'never' }, undefined],
  ['where it is set and nobody could mark an alert', { ...WEBHOOK, REMIND_AFTER_HOURS: '24' }, undefined],
])('%s', (_, env, hours) => {
  expect(loadSettings(root(), env).remindAfterHours).toBe(hours);
});

test('who asks for reminders that cannot come is told why', () => {
  const remarks = (env: Record<string, string>) =>
    loadSettings(root(), env).remarks.filter((remark) => remark.includes('REMIND_AFTER_HOURS'));
  expect(remarks({ ...WEBHOOK, REMIND_AFTER_HOURS: '24' })).toEqual([
    'REMIND_AFTER_HOURS has no effect: nobody can mark an alert as seen without the Discord bot, or email and PUBLIC_URL.',
  ]);
  for (const env of [{ ...BOT, REMIND_AFTER_HOURS: '24' }, { ...WEBHOOK, REMIND_AFTER_HOURS: 'never' }, WEBHOOK]) {
    expect(remarks(env)).toEqual([]);
  }
});

test.each(['0', '169', '-1', '1.5', '24h', 'off', '0x10', '1e2'])('%s is refused', (text) => {
  expect(() => loadSettings(root(), { ...BOT, REMIND_AFTER_HOURS: text })).toThrow(
    `REMIND_AFTER_HOURS is '${text}'; allowed: whole hours from 1 to 168, or never`,
  );
});
