import { chmodSync, cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadSettings, withoutSecrets } from '../src/settings.ts';
import { temporaryFolder } from './support/temporary.ts';
import { jsonSchemas } from './support/write-schemas.ts';

const PACKAGE = join(import.meta.dirname, '..');
const WEBHOOK = 'https://discord.com/api/webhooks/123/tok-en_1';

/** A package root of its own: the real config, and what the test changes. */
function root(env = '', config: Record<string, unknown> = {}): string {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'data'));
  cpSync(join(PACKAGE, 'config'), join(folder, 'config'), { recursive: true });
  cpSync(join(PACKAGE, 'data/before-yahoo.csv'), join(folder, 'data/before-yahoo.csv'));
  for (const [name, json] of Object.entries(config)) writeFileSync(join(folder, 'config', name), JSON.stringify(json));
  if (env !== '') writeFileSync(join(folder, '.env'), env);
  return folder;
}

function signalsWith(change: object): Record<string, unknown> {
  const file = JSON.parse(readFileSync(join(PACKAGE, 'config/signals.json'), 'utf8'));
  return { 'signals.json': { ...file, signals: [{ ...file.signals[0], ...change }] } };
}

describe('.env', () => {
  test('without one the defaults need no account: Yahoo, a file below data, and the folder', () => {
    const folder = root();
    expect(loadSettings(folder, {})).toMatchObject({
      databasePath: join(folder, 'data/market.db'),
      source: { name: 'yahoo', url: 'https://query2.finance.yahoo.com' },
      discordWebhook: undefined,
      email: undefined,
      outboxDir: join(folder, 'data/outbox'),
      logLevel: 'info',
      heartbeatUrl: undefined,
      dashboard: { host: '127.0.0.1', port: 8787 },
      schedule: { digest: { every: 'week', at: '18:00', channels: ['email', 'folder'] }, drill: 'quarter' },
    });
  });

  test('a schedule of before the digest is still one', () => {
    const { schedule } = loadSettings(root('', { 'schedule.json': { checks: ['16:45'] } }), {});
    expect(schedule).toEqual({
      checks: ['16:45'],
      digest: { every: 'week', at: '18:00', channels: ['email', 'folder'] },
      drill: 'quarter',
    });
  });

  test('is read with Windows line ends, and an empty value is an unset one', () => {
    const settings = loadSettings(root('LOG_LEVEL=debug\r\nMARKET_SOURCE=\r\nOUTBOX_DIR=/tmp/out\r\n'), {});
    expect(settings).toMatchObject({ logLevel: 'debug', source: { name: 'yahoo' }, outboxDir: '/tmp/out' });
  });

  test("gives way to the process's own variables, also to empty ones", () => {
    const folder = root(`LOG_LEVEL=debug\nDISCORD_WEBHOOK_URL=${WEBHOOK}\n`);
    expect(loadSettings(folder, { LOG_LEVEL: 'warn', DISCORD_WEBHOOK_URL: '' })).toMatchObject({
      logLevel: 'warn',
      discordWebhook: undefined,
    });
  });

  test('names what it holds and no version knows', () => {
    expect(loadSettings(root('DISCORD_WEBHOK_URL=x\n'), {}).remarks).toEqual([
      '.env: DISCORD_WEBHOK_URL is not a setting of this version and is ignored; .env.example lists them all.',
    ]);
  });

  test.skipIf(process.getuid?.() === 0)('that cannot be read is refused', () => {
    const folder = root('LOG_LEVEL=info\n');
    chmodSync(join(folder, '.env'), 0);
    expect(() => loadSettings(folder, {})).toThrow(/\.env is there but cannot be read/);
  });

  test('.env.example names every setting, and is itself in order', () => {
    const example = readFileSync(join(PACKAGE, '.env.example'), 'utf8');
    const named = [...example.matchAll(/^#? ?([A-Z_]+)=/gm)].map(([, name]) => name);
    const settings = loadSettings(root(example.replace(/^# ?(?=[A-Z_]+=)/gm, '')), {});
    expect(settings.remarks).toEqual([]);
    expect(named).toEqual([...new Set(named)]);
    expect(named).toHaveLength(15);
  });
});

describe('channels', () => {
  test('the folder is off when another channel is set up, unless it is set too', () => {
    expect(loadSettings(root(), { DISCORD_WEBHOOK_URL: WEBHOOK }).outboxDir).toBeUndefined();
    expect(loadSettings(root(), { DISCORD_WEBHOOK_URL: WEBHOOK, OUTBOX_DIR: '/out' }).outboxDir).toBe('/out');
  });

  test('a webhook address is taken apart, and DISCORD_API_URL replaces its scheme, host and /api', () => {
    const env = { DISCORD_WEBHOOK_URL: `${WEBHOOK}?thread_id=77` };
    const webhook = { id: '123', token: 'tok-en_1', threadId: '77' };
    expect(loadSettings(root(), env).discordWebhook).toEqual({ ...webhook, api: 'https://discord.com/api' });
    const proxied = { ...env, DISCORD_API_URL: 'http://127.0.0.1:99/api' };
    expect(loadSettings(root(), proxied).discordWebhook).toEqual({ ...webhook, api: 'http://127.0.0.1:99/api' });
  });

  test('each address of EMAIL_TO counts once', () => {
    const env = { SMTP_URL: 'smtp://h', EMAIL_FROM: 'Bell <a@b.c>', EMAIL_TO: 'x@y.z, "Doe, Ann" <ann@y.z>,x@y.z' };
    expect(loadSettings(root(), env).email).toEqual({
      smtpUrl: 'smtp://h',
      from: 'Bell <a@b.c>',
      to: ['x@y.z', 'ann@y.z'],
    });
  });
});

describe('a bad setting is refused, naming it and what is allowed', () => {
  const mail = { SMTP_URL: 'smtp://h', EMAIL_FROM: 'a@b.c', EMAIL_TO: 'x@y.z' };
  test.each<[Record<string, string>, RegExp]>([
    [{ MARKET_SOURCE: 'csv' }, /MARKET_CSV_DIR is not set/],
    [{ LOG_LEVEL: 'loud' }, /LOG_LEVEL is 'loud'; allowed: fatal, error, warn/],
    [{ YAHOO_FINANCE_URL: 'query2' }, /YAHOO_FINANCE_URL is not an address/],
    [{ YAHOO_FINANCE_URL: 'https://u:pw@proxy' }, /holds no password/],
    [{ DISCORD_WEBHOOK_URL: 'https://evil.example/api/webhooks/1/t' }, /DISCORD_WEBHOOK_URL is not a webhook address/],
    [{ DISCORD_WEBHOOK_URL: 'http://discord.com/api/webhooks/1/t' }, /DISCORD_WEBHOOK_URL is not a webhook address/],
    [{ DISCORD_WEBHOOK_URL: 'https://discord.com/channels/1/2' }, /copy it from Discord/],
    [{ DISCORD_MENTION: '@everyone' }, /DISCORD_MENTION is '@everyone'; allowed: a role '<@&123>'/],
    [{ SMTP_URL: 'smtp://h' }, /EMAIL_FROM and EMAIL_TO not set/],
    [{ ...mail, SMTP_URL: 'mail.example.com:587' }, /SMTP_URL is not a connection address/],
    [{ ...mail, EMAIL_TO: 'x@y.z, nobody' }, /EMAIL_TO is 'x@y\.z, nobody'; allowed: addresses/],
    [{ ...mail, EMAIL_FROM: 'a@b.c, d@e.f' }, /EMAIL_FROM is .*allowed: one address/],
    [{ DASHBOARD_PORT: '87877' }, /DASHBOARD_PORT is '87877'; allowed: a port from 1 to 65535/],
    [{ DASHBOARD_PORT: 'http' }, /DASHBOARD_PORT is 'http'; allowed: a port/],
    [{ HEARTBEAT_URL: 'hc-ping.com/x' }, /HEARTBEAT_URL is not an address that begins with https:/],
  ])('%j', (env, message) => {
    expect(() => loadSettings(root(), env)).toThrow(message);
  });

  test('without showing the secret in it', () => {
    const bad = () => loadSettings(root(), { DISCORD_WEBHOOK_URL: 'https://evil.example/webhooks/1/hush-hush' });
    expect(bad).toThrow(expect.not.stringContaining('hush-hush'));
  });
});

describe('secrets', () => {
  test('are the token, the password and the addresses that hold them, also decoded and as SMTP sends them', () => {
    const settings = loadSettings(root(), {
      DISCORD_WEBHOOK_URL: WEBHOOK,
      SMTP_URL: 'smtp://ann:p%40ss@mail.example.com',
      EMAIL_FROM: 'a@b.c',
      EMAIL_TO: 'x@y.z',
      HEARTBEAT_URL: 'https://hc-ping.com/5f2c',
    });
    expect(withoutSecrets('https://hc-ping.com/5f2c/fail', settings.secrets)).toBe('[secret]/fail');
    // The last two by `printf '\\0ann\\0p@ss' | base64` and `printf 'p@ss' | base64`.
    const text = `${WEBHOOK} tok-en_1 smtp://ann:p%40ss@mail.example.com p%40ss p@ss AGFubgBwQHNz cEBzcw==`;
    expect(withoutSecrets(text, settings.secrets)).toBe(Array(7).fill('[secret]').join(' '));
  });
});

describe('config files', () => {
  test('have JSON Schemas beside them that are current (npm run schemas)', () => {
    for (const [name, text] of Object.entries(jsonSchemas())) {
      expect(readFileSync(join(PACKAGE, 'config', name), 'utf8')).toBe(text);
      const file = JSON.parse(readFileSync(join(PACKAGE, 'config', name.replace('.schema', '')), 'utf8'));
      expect(file.$schema).toBe(`./${name}`);
    }
  });

  test.each<[Record<string, unknown>, RegExp]>([
    [signalsWith({ quietYears: 0 }), /config\/signals\.json: signals\.0\.quietYears is 0; allowed: 1 to 20/],
    [signalsWith({ quietYears: 'one' }), /signals\.0\.quietYears is "one"; allowed: number/],
    [signalsWith({ horizons: [1, 3] }), /signals\.0\.horizons is \[1,3\]; allowed: a list that contains 12/],
    [signalsWith({ id: 'Russell 2000' }), /signals\.0\.id is "Russell 2000"; allowed: lower-case letters/],
    [signalsWith({ colour: 'red' }), /signals\.0\.colour is not a known field/],
    [signalsWith({ benchmark: undefined }), /signals\.0\.benchmark is missing/],
    [
      signalsWith({ beforeHistory: { file: 'data/nothing.csv', until: '1987-09-10', rule: 'x' } }),
      /beforeHistory\.file is 'data\/nothing\.csv'; there is no such file/,
    ],
    [{ 'schedule.json': { checks: ['4pm'] } }, /config\/schedule\.json: checks\.0 is "4pm"; allowed: a New York time/],
    [
      { 'schedule.json': { checks: ['16:45'], digest: { every: 'month' } } },
      /digest\.every is "month"; allowed: .*week.*day.*never/,
    ],
    [
      { 'schedule.json': { checks: ['16:45'], digest: { channels: ['sms'] } } },
      /digest\.channels\.0 is "sms"; allowed: 'email' \(all addresses\)/,
    ],
    [{ 'schedule.json': { checks: ['16:45'], drill: 'daily' } }, /drill is "daily"; allowed: .*quarter.*never/],
  ])('refuse %j', (config, message) => {
    expect(() => loadSettings(root('', config), {})).toThrow(message);
  });

  test('refuse what is not JSON', () => {
    const folder = root();
    writeFileSync(join(folder, 'config/signals.json'), '{ "signals": [');
    expect(() => loadSettings(folder, {})).toThrow(/config\/signals\.json: cannot be read as JSON/);
  });
});
