import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { loadSettings } from '../../src/settings/settings.ts';
import { root } from './package-root.ts';

test('without .env the defaults need no account: Yahoo, a file below data, and the folder', () => {
  const folder = root();
  expect(loadSettings(folder, {})).toMatchObject({
    databasePath: join(folder, 'data/market.db'),
    postgres: undefined,
    source: { name: 'yahoo', url: 'https://query2.finance.yahoo.com' },
    discordWebhook: undefined,
    email: undefined,
    outboxDir: join(folder, 'data/outbox'),
    logLevel: 'info',
    heartbeatUrl: undefined,
    dashboard: { host: '127.0.0.1', port: 8787, token: undefined, publicHosts: [] },
    feed: { file: undefined, url: undefined },
    schedule: { digest: { every: 'week', at: '18:00', channels: ['email', 'folder'] }, drill: 'quarter' },
  });
});

describe('a bad setting is refused, naming it and what is allowed', () => {
  test.each<[Record<string, string>, RegExp]>([
    [{ LOG_LEVEL: 'loud' }, /LOG_LEVEL is 'loud'; allowed: fatal, error, warn/],
    [{ FEED_URL: 'feeds.example.com/bell.xml' }, /FEED_URL must be an address that begins with https:/],
    [{ HEARTBEAT_URL: 'hc-ping.com/x' }, /HEARTBEAT_URL must be an address that begins with https:/],
  ])('%j', (env, message) => {
    expect(() => loadSettings(root(), env)).toThrow(message);
  });

  test('without showing the secret in it', () => {
    const bad = () => loadSettings(root(), { DISCORD_WEBHOOK_URL: 'https://evil.example/webhooks/1/hush-hush' });
    expect(bad).toThrow(expect.not.stringContaining('hush-hush'));
    const mistakes: Record<string, string>[] = [
      // A question mark in a password, and the two settings of the bot swapped.
      { SMTP_URL: 'smtp://ann:12?hush-hush@h', EMAIL_FROM: 'a@b.c', EMAIL_TO: 'x@y.z' },
      { DISCORD_BOT_TOKEN: '77', DISCORD_CHANNEL_ID: 'hush-hush' },
      { DISCORD_BOT_TOKEN: 'Bot hush-hush', DISCORD_CHANNEL_ID: '77' },
      { DATABASE_URL: 'postgres://ann:12/hush-hush@db.example.com/bell' },
      { HEARTBEAT_URL: 'hush-hush' },
      { DASHBOARD_TOKEN: 'hush-hush' },
      { DASHBOARD_TOKEN: 'hush-hush and a few words more' },
      { PUBLIC_URL: 'https://ann:hush-hush@bell.example.com' },
      { PUBLIC_URL: 'https://bell.example.com?token=hush-hush' },
    ];
    for (const env of mistakes) {
      const error = vi.fn(() => loadSettings(root(), env));
      expect(error).toThrow();
      expect(String(error.mock.results[0]?.value)).not.toContain('hush-hush');
    }
  });
});

test('of several faults all are told, in the order of the settings', () => {
  const faults = {
    DATABASE_URL: 'x',
    MARKET_SOURCE: 'x',
    DISCORD_API_URL: 'x',
    DISCORD_WEBHOOK_URL: 'x',
    DISCORD_CHANNEL_ID: '1',
    SMTP_URL: 'x',
    WITNESS: 'x',
    HTTPS_PROXY: 'ftp://x',
    DISCORD_MENTION: 'x',
    LOG_LEVEL: 'x',
    HEARTBEAT_URL: 'x',
    DASHBOARD_PORT: 'x',
  };
  const folder = root();
  // Of a set-up that is half done what is missing is named; the API is read by webhook and bot, and at fault once.
  expect(faultsOf(folder, faults).map((line) => line.split(/[ ,]/)[0])).toEqual(
    Object.keys(faults).flatMap((name) =>
      name.startsWith('DISCORD_WEBHOOK') || name === 'DISCORD_CHANNEL_ID'
        ? []
        : name === 'SMTP_URL'
          ? 'EMAIL_FROM'
          : name,
    ),
  );
});

test('of one channel, one file of the page and one of the configuration too', () => {
  const mail = { SMTP_URL: 'smtp://h:x', EMAIL_FROM: 'x', EMAIL_TO: 'x', SMTP_CA_FILE: '/nowhere' };
  const folder = root('', { 'schedule.json': { checks: [] } });
  rmSync(join(folder, 'config/signals.json'));
  expect(faultsOf(folder, { ...mail, DASHBOARD_PORT: 'x', DASHBOARD_TOKEN: 'x' })).toEqual([
    expect.stringMatching(/^SMTP_URL has no port/),
    expect.stringMatching(/^EMAIL_FROM is 'x'/),
    expect.stringMatching(/^EMAIL_TO is 'x'/),
    expect.stringMatching(/^SMTP_CA_FILE: \/nowhere cannot be read/),
    expect.stringMatching(/^DASHBOARD_PORT is 'x'/),
    expect.stringMatching(/^DASHBOARD_TOKEN has 1 char/),
    expect.stringMatching(/config\/signals\.json is missing/),
    expect.stringMatching(/config\/schedule\.json: checks is \[\]; allowed: at least one time/),
  ]);
});

/** The lines in which settings are refused. */
function faultsOf(folder: string, env: Record<string, string>): string[] {
  try {
    loadSettings(folder, env);
  } catch (error) {
    return (error as Error).message.split('\n');
  }
  return [];
}

test('what is not encrypted is remarked, each once, and what is not checked', () => {
  const { remarks } = loadSettings(root(), {
    DATABASE_URL: 'postgres://bell@db.example/bell?sslmode=disable',
    DISCORD_API_URL: 'http://discord.example/api',
    HEARTBEAT_URL: 'http://beat.example/x',
    SMTP_URL: 'smtp://mail.example?ignoreTLS=true&tls.rejectUnauthorized=false',
    EMAIL_FROM: 'a@b.c',
    EMAIL_TO: 'x@y.z',
    NODE_TLS_REJECT_UNAUTHORIZED: '0',
  });
  expect(remarks.map((line) => line.split(' ').slice(0, 3).join(' '))).toEqual([
    'SMTP_URL turns off',
    'DATABASE_URL is unencrypted',
    'DISCORD_API_URL is unencrypted',
    'HEARTBEAT_URL is unencrypted',
    'SMTP_URL is unencrypted',
    'NODE_TLS_REJECT_UNAUTHORIZED=0 turns off',
  ]);
});
