import { chmodSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { SECRET_VARIABLES } from '../../src/settings/secret-files.ts';
import { loadSettings } from '../../src/settings/settings.ts';
import { temporaryFolder } from '../support/temporary.ts';
import { root, WEBHOOK } from './package-root.ts';

/** A file of a secret that only its owner may read. */
function secretFile(content: string | Buffer): string {
  const path = join(temporaryFolder(), 'secret');
  writeFileSync(path, content, { mode: 0o600 });
  return path;
}

const TOKEN = 'a-token-of-the-page';

describe('a secret in a file', () => {
  test.each(['', '\n', '\r\n', '\n\n', '  \n'])('is read without the %j at its end, and is one', (end) => {
    const settings = loadSettings(root(), { DASHBOARD_TOKEN_FILE: secretFile(TOKEN + end) });
    expect(settings.dashboard.token).toBe(TOKEN);
    expect(settings.secrets).toContain(TOKEN);
    expect(settings.remarks).toEqual([]);
  });

  test('is there for each variable that holds one', () => {
    const values: Readonly<Record<string, string>> = {
      DISCORD_WEBHOOK_URL: WEBHOOK,
      DISCORD_BOT_TOKEN: 'bot-token',
      SMTP_URL: 'smtp://ann:mail-password@h',
      SLACK_WEBHOOK_URL: 'https://hooks.slack.com/services/T1/B1/slacksecret',
      TELEGRAM_BOT_TOKEN: '123456789:AAsecretsecretsecretsecretsecret12345',
      NTFY_URL: 'https://ntfy.sh/secret-topic',
      NTFY_TOKEN: 'tk_abcdefghijklmnopqrstuvwxyz012',
      WEBHOOK_URL: 'https://example.com/hooks/secret-path',
      WEBHOOK_SECRET: 'twenty-four bytes at least',
      DATABASE_URL: 'postgres://bell:database-password@127.0.0.1/bell',
      HEARTBEAT_URL: 'https://beat.example/a-key-that-is-long',
      DASHBOARD_TOKEN: TOKEN,
      HTTPS_PROXY: 'http://ann:proxy-password@p:3128',
      HTTP_PROXY: 'http://ann:other-password@p:3128',
    };
    expect(Object.keys(values).toSorted()).toEqual(SECRET_VARIABLES.toSorted());
    const rest = { DISCORD_CHANNEL_ID: '1', EMAIL_FROM: 'a@b.c', EMAIL_TO: 'x@y.z', TELEGRAM_CHAT_ID: '1' };
    const files = Object.entries(values).map(([name, value]) => [`${name}_FILE`, secretFile(`${value}\n`)]);
    const folder = root();
    expect(loadSettings(folder, { ...rest, ...Object.fromEntries(files) })).toEqual(
      loadSettings(folder, { ...rest, ...values }),
    );
  });

  test('may be named from .env, below its folder, and through a link', () => {
    const folder = root('DASHBOARD_TOKEN_FILE=token\n');
    symlinkSync(secretFile(TOKEN), join(folder, 'token'));
    expect(loadSettings(folder, {}).dashboard.token).toBe(TOKEN);
  });

  test('may hold a webhook on each line', () => {
    const path = secretFile(`${WEBHOOK}\nhttps://discord.com/api/webhooks/99/old-token\n`);
    expect(loadSettings(root(), { DISCORD_WEBHOOK_URL_FILE: path }).discordWebhook).toHaveLength(2);
  });

  test.skipIf(process.platform === 'win32')('that others can read is remarked', () => {
    const path = secretFile(TOKEN);
    chmodSync(path, 0o644);
    expect(loadSettings(root(), { DASHBOARD_TOKEN_FILE: path }).remarks).toEqual([
      `${path} can be read by every user of this machine; it holds a secret: chmod 600 ${path}`,
    ]);
  });
});

describe('is refused by its path', () => {
  const faultOf = (env: Record<string, string>): string => {
    try {
      loadSettings(root(), env);
    } catch (error) {
      return (error as Error).message;
    }
    return '';
  };

  test.each<[string, () => string, string]>([
    ['missing', () => join(temporaryFolder(), 'none'), 'is missing'],
    ['empty', () => secretFile(' \n'), 'is empty; it must contain the value of DASHBOARD_TOKEN'],
    ['a folder', () => temporaryFolder(), 'is a folder; a file is needed'],
    ['big', () => secretFile('x'.repeat(70_000)), 'has 70000 bytes; allowed: at most 65536'],
    ['far too big', () => secretFile('x'.repeat(1_100_000)), 'has 2 MB; allowed: at most 1 MB'],
    ['several lines', () => secretFile(`${TOKEN}\nhush-hush`), 'contains a line break or another control character'],
    ['binary', () => secretFile(Buffer.from([104, 0, 7])), 'contains a line break or another control character'],
  ])('one that is %s', (_, make, what) => {
    const path = make();
    expect(faultOf({ DASHBOARD_TOKEN_FILE: path })).toMatch(`DASHBOARD_TOKEN_FILE: ${path} ${what}`);
    expect(faultOf({ DASHBOARD_TOKEN_FILE: path })).not.toContain('hush-hush');
  });

  test.skipIf(process.getuid?.() === 0)('one that cannot be read', () => {
    const path = secretFile(TOKEN);
    chmodSync(path, 0);
    expect(faultOf({ DASHBOARD_TOKEN_FILE: path })).toMatch(`DASHBOARD_TOKEN_FILE: ${path} cannot be read (EACCES)`);
  });

  test.each(['smtp://ann:hush-hush@h', 'hush-hush', '/hush-hush@h'])(
    'unless it may be the secret itself: %s',
    (value) => {
      const said = faultOf({ SMTP_URL_FILE: value, EMAIL_FROM: 'a@b.c', EMAIL_TO: 'x@y.z' });
      expect(said).toMatch(/^SMTP_URL_FILE must be the path of a file, .*; the file it names is missing$/);
      expect(said).not.toContain('hush-hush');
    },
  );

  test('one beside the variable itself', () => {
    const env = { SMTP_URL: 'smtp://h', SMTP_URL_FILE: secretFile('smtp://h'), EMAIL_FROM: 'a@b.c', EMAIL_TO: 'x@y.z' };
    expect(faultOf(env)).toBe('SMTP_URL and SMTP_URL_FILE are both set; set only one');
  });

  test('one whose content cannot be used, which is not shown', () => {
    const path = secretFile('hush-hush');
    expect(faultOf({ DASHBOARD_TOKEN_FILE: path })).toMatch(`DASHBOARD_TOKEN, read from ${path}, has 9 characters;`);
    const webhooks = secretFile(`${WEBHOOK} https://evil.example/webhooks/1/hush-hush`);
    const said = faultOf({ DISCORD_WEBHOOK_URL_FILE: webhooks });
    expect(said).toMatch(`DISCORD_WEBHOOK_URL, read from ${webhooks}, number 2 of 2, is not a webhook address`);
    expect(said).not.toContain('hush-hush');
  });

  test('all of them at once, with what else is wrong', () => {
    const none = join(temporaryFolder(), 'none');
    const env = {
      DASHBOARD_TOKEN_FILE: none,
      SMTP_URL_FILE: none,
      EMAIL_FROM: 'a@b.c',
      EMAIL_TO: 'x@y.z',
      LOG_LEVEL: 'x',
    };
    expect(faultOf(env).split('\n')).toEqual([
      `SMTP_URL_FILE: ${none} is missing`,
      expect.stringMatching(/^LOG_LEVEL is 'x'/),
      `DASHBOARD_TOKEN_FILE: ${none} is missing`,
    ]);
  });
});
