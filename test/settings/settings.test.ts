import { chmodSync, cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { cleanWords, withoutSecrets } from '../../src/settings/clean-words.ts';
import { VARIABLES } from '../../src/settings/environment.ts';
import { loadSettings } from '../../src/settings/settings.ts';
import { temporaryFolder } from '../support/temporary.ts';
import { jsonSchemas } from '../support/write-schemas.ts';

const PACKAGE = join(import.meta.dirname, '../..');
const WEBHOOK = 'https://discord.com/api/webhooks/123/tok-en_1';

/** A package root of its own: the real config, and what the test changes. */
function root(env = '', config: Record<string, unknown> = {}): string {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'data'));
  cpSync(join(PACKAGE, 'config'), join(folder, 'config'), { recursive: true });
  cpSync(join(PACKAGE, 'data/before-yahoo.csv'), join(folder, 'data/before-yahoo.csv'));
  for (const [name, json] of Object.entries(config)) writeFileSync(join(folder, 'config', name), JSON.stringify(json));
  if (env !== '') writeFileSync(join(folder, '.env'), env, { mode: 0o600 });
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
      dashboard: { host: '127.0.0.1', port: 8787, token: undefined, publicHosts: [] },
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

  test.each<[string, Buffer]>([
    ['UTF-8 with a mark', Buffer.from('\ufeffLOG_LEVEL=debug\r\n')],
    ['UTF-16', Buffer.from('\ufeffLOG_LEVEL=debug\r\n', 'utf16le')],
    ['UTF-16, the other way round', Buffer.from('\ufeffLOG_LEVEL=debug\r\n', 'utf16le').swap16()],
  ])('is read as the editors of Windows write it: %s', (_name, bytes) => {
    const folder = root('LOG_LEVEL=info\n');
    writeFileSync(join(folder, '.env'), bytes);
    expect(loadSettings(folder, {})).toMatchObject({ logLevel: 'debug', remarks: [] });
  });

  test.skipIf(process.platform === 'win32').each([
    [0o600, false],
    [0o640, false],
    [0o644, true],
    [0o602, true],
  ])('with the mode %o is told to be open to others: %s', (mode, told) => {
    const folder = root('LOG_LEVEL=info\n');
    chmodSync(join(folder, '.env'), mode);
    const path = join(folder, '.env');
    expect(loadSettings(folder, {}).remarks).toEqual(
      told ? [`${path} can be read by every user of this machine; it holds passwords: chmod 600 ${path}`] : [],
    );
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
    expect(named.toSorted()).toEqual(VARIABLES.toSorted());
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
    const forum = { DISCORD_WEBHOOK_URL: `${WEBHOOK}?thread_name=Breakout%20Bell` };
    expect(loadSettings(root(), forum).discordWebhook).toMatchObject({
      threadId: undefined,
      threadName: 'Breakout Bell',
    });
    const proxied = { ...env, DISCORD_API_URL: 'http://127.0.0.1:99/api' };
    expect(loadSettings(root(), proxied).discordWebhook).toEqual({ ...webhook, api: 'http://127.0.0.1:99/api' });
  });

  test('a bot needs its token and its channel', () => {
    const env = { DISCORD_BOT_TOKEN: 'MTIz.Gx.secret', DISCORD_CHANNEL_ID: '77' };
    expect(loadSettings(root(), env)).toMatchObject({
      discordBot: { token: 'MTIz.Gx.secret', channelId: '77', api: 'https://discord.com/api' },
      outboxDir: undefined,
    });
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
    [{ YAHOO_USER_AGENT: 'Mozilla/5.0 “quoted”' }, /YAHOO_USER_AGENT is not a header/],
    [{ YAHOO_USER_AGENT: 'x'.repeat(501) }, /YAHOO_USER_AGENT is not a header/],
    [{ DISCORD_WEBHOOK_URL: 'https://evil.example/api/webhooks/1/t' }, /DISCORD_WEBHOOK_URL is not a webhook address/],
    [{ DISCORD_WEBHOOK_URL: 'http://discord.com/api/webhooks/1/t' }, /DISCORD_WEBHOOK_URL is not a webhook address/],
    [{ DISCORD_WEBHOOK_URL: 'https://discord.com/channels/1/2' }, /copy it from Discord/],
    [{ DISCORD_WEBHOOK_URL: `${WEBHOOK}?thread_id=abc` }, /thread_id that is no id; allowed: digits only/],
    [
      { DISCORD_WEBHOOK_URL: `${WEBHOOK}?thread_id=1&thread_name=x` },
      /thread_id and thread_name; allowed: thread_id .* or/,
    ],
    [{ DISCORD_WEBHOOK_URL: `${WEBHOOK}?thread_name=${'x'.repeat(101)}` }, /thread_name of 101 characters; .* 100/],
    [{ DISCORD_MENTION: '@everyone' }, /DISCORD_MENTION is '@everyone'; allowed: a role '<@&123>'/],
    [{ DISCORD_BOT_TOKEN: 'x' }, /DISCORD_CHANNEL_ID is not set/],
    [{ DISCORD_CHANNEL_ID: '1' }, /DISCORD_BOT_TOKEN is not set/],
    [
      { DISCORD_BOT_TOKEN: 'Bot x', DISCORD_CHANNEL_ID: '1' },
      /DISCORD_BOT_TOKEN is not a bot's token.*without the word/,
    ],
    [{ DISCORD_BOT_TOKEN: 'x', DISCORD_CHANNEL_ID: '#alerts' }, /DISCORD_CHANNEL_ID is not a channel's id/],
    ...[
      'requireTLS=false',
      'opportunisticTLS=true',
      'logger=true',
      'debug=true',
      'transactionLog=false',
      'jsonTransport=true',
      'streamTransport=true',
      'sendmail=true',
      'socketTimeout=0',
    ].map((option): [Record<string, string>, RegExp] => [
      { ...mail, SMTP_URL: `smtp://h?${option}` },
      /SMTP_URL has an option that is not allowed, .* allowed: ignoreTLS, /,
    ]),
    [{ SMTP_URL: 'smtp://h' }, /EMAIL_FROM and EMAIL_TO not set/],
    [{ ...mail, SMTP_URL: 'mail.example.com:587' }, /SMTP_URL is not a connection address/],
    [{ ...mail, EMAIL_TO: 'x@y.z, nobody' }, /EMAIL_TO is 'x@y\.z, nobody'; allowed: addresses/],
    [{ ...mail, EMAIL_FROM: 'a@b.c, d@e.f' }, /EMAIL_FROM is .*allowed: one address/],
    [{ DASHBOARD_PORT: '87877' }, /DASHBOARD_PORT is '87877'; allowed: a port from 1 to 65535/],
    [{ DASHBOARD_PORT: 'http' }, /DASHBOARD_PORT is 'http'; allowed: a port/],
    [{ DASHBOARD_TOKEN: 'too short' }, /DASHBOARD_TOKEN holds a space/],
    [{ DASHBOARD_TOKEN: 'fifteen-letters' }, /DASHBOARD_TOKEN has 15 characters; allowed: at least 16, .*openssl rand/],
    [{ DASHBOARD_TOKEN: 'a-tökén-of-twenty-letters' }, /DASHBOARD_TOKEN holds a space or a character outside ASCII/],
    [{ PUBLIC_URL: 'bell.example.com' }, /PUBLIC_URL is not an address of the page; allowed: https:\/\/bell/],
    [{ PUBLIC_URL: 'ftp://bell.example.com' }, /PUBLIC_URL is not an address of the page/],
    [{ PUBLIC_URL: 'https://*.example.com' }, /PUBLIC_URL is not an address of the page/],
    [{ PUBLIC_URL: 'https://bell.example.com, nonsense' }, /PUBLIC_URL, number 2 of 2, is not an address of the page/],
    [{ PUBLIC_URL: 'https://bell.example.com/?key=x' }, /PUBLIC_URL is not an address of the page/],
    [{ PUBLIC_URL: 'https://bell.example.com/#x' }, /PUBLIC_URL is not an address of the page/],
    [{ PUBLIC_URL: 'https://' }, /PUBLIC_URL is not an address of the page/],
    [{ HEARTBEAT_URL: 'hc-ping.com/x' }, /HEARTBEAT_URL is not an address that begins with https:/],
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

test('PUBLIC_URL gives its hosts, each once and in one spelling', () => {
  const PUBLIC_URL =
    ' https://Bell.Example.com./a/path ,http://breakout_bell:8787,, https://b\u00f6rse.example, http://[FD00:0::1]:80, https://bell.example.com';
  expect(loadSettings(root(), { PUBLIC_URL }).dashboard.publicHosts).toEqual([
    'bell.example.com',
    'breakout_bell',
    'xn--brse-5qa.example',
    '[fd00::1]',
  ]);
});

describe('secrets', () => {
  test('are the token, the password and the addresses that hold them, also decoded and as SMTP sends them', () => {
    const settings = loadSettings(root(), {
      DISCORD_WEBHOOK_URL: WEBHOOK,
      SMTP_URL: 'smtp://ann:p%40ss@mail.example.com',
      EMAIL_FROM: 'a@b.c',
      EMAIL_TO: 'x@y.z',
      HEARTBEAT_URL: 'https://hc-ping.com/5f2c',
      DASHBOARD_TOKEN: 'a-token-of-the-page',
    });
    expect(withoutSecrets('Bearer a-token-of-the-page', settings.secrets)).toBe('Bearer [secret]');
    expect(withoutSecrets('https://hc-ping.com/5f2c/fail', settings.secrets)).toBe('[secret]/fail');
    // The last two by `printf '\\0ann\\0p@ss' | base64` and `printf 'p@ss' | base64`.
    const text = `${WEBHOOK} tok-en_1 smtp://ann:p%40ss@mail.example.com p%40ss p@ss AGFubgBwQHNz cEBzcw==`;
    expect(withoutSecrets(text, settings.secrets)).toBe(Array(7).fill('[secret]').join(' '));
  });
});

describe('words of others', () => {
  test.each([
    ['550 no\r\nBcc: all@example.com', '550 no Bcc: all@example.com'],
    ['\u001b[2J\u001b[31mred\u0007', '[2J [31mred'],
    ['a\u202egnp.exe\u2028b\u0000', 'a gnp.exe b'],
    ['größer, 你好 👩‍🚀', 'größer, 你好 👩‍🚀'],
    ['x'.repeat(600), `${'x'.repeat(500)} …`],
  ])('stand on one line that moves nothing: %j', (text, line) => {
    expect(cleanWords(text, [])).toBe(line);
  });

  test('lose their secrets before they are cut: half a secret is one too', () => {
    const line = cleanWords(`${'x'.repeat(490)} hush-hush-hush`, ['hush-hush-hush']);
    expect(line).toBe(`${'x'.repeat(490)} [secret]`);
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
    [signalsWith({ title: 'A\r\nBcc: all@example.com' }), /signals\.0\.title is .*; allowed: a text on one line/],
    [signalsWith({ title: '\u001b[31mred' }), /signals\.0\.title is .*; allowed: a text on one line/],
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
