import { existsSync, lstatSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parse as parseEnv } from 'dotenv';
import type { DiscordBotSettings } from '../channel/discord-bot/transport.ts';
import type { DiscordWebhookSettings } from '../channel/discord-webhook/transport.ts';
import { readAddresses, sameAddress } from '../channel/email/addresses.ts';
import type { EmailSettings } from '../channel/email/transport.ts';
import { type Exchange, exchangeIn, NEW_YORK } from '../market/exchange.ts';
import { NotReadError } from '../market/regular-file.ts';
import type { Signal } from '../signal/signal.ts';
import {
  readConfig,
  readSettingsText,
  type Schedule,
  ScheduleFile,
  SettingsError,
  SignalsFile,
  type SymbolSettings,
} from './config-files.ts';
import { hostName } from './hosts.ts';
import type { ProxySettings } from './proxy.ts';

/** Everything a person can set, checked and frozen. Paths are absolute. */
export interface Settings {
  readonly databasePath: string;
  readonly source: SourceSettings;
  /** A second source that confirms or warns; undefined: none is asked. */
  readonly witness: WitnessSettings | undefined;
  /** The proxy that everything over HTTP goes through; undefined: none. */
  readonly proxy: ProxySettings | undefined;
  readonly discordWebhook: DiscordWebhookSettings | undefined;
  readonly discordBot: DiscordBotSettings | undefined;
  /** The one role or user that a Discord message may mention, `<@&123>` or `<@123>`. */
  readonly mention: string | undefined;
  readonly email: EmailSettings | undefined;
  /** Folder of the folder channel; undefined while that channel is off. */
  readonly outboxDir: string | undefined;
  /** True where the folder is on only because nothing else is set up. */
  readonly folderByDefault: boolean;
  readonly logLevel: LogLevel;
  readonly signals: readonly Signal[];
  readonly symbols: Readonly<Record<string, SymbolSettings>>;
  readonly schedule: Schedule;
  /** Called when all is well; undefined: nobody watches the watcher. */
  readonly heartbeatUrl: string | undefined;
  readonly dashboard: DashboardSettings;
  /** Texts that must never be shown: tokens, passwords, the URLs that contain them. */
  readonly secrets: readonly string[];
  /** What a person should know of these settings though nothing is wrong with them, a line each. */
  readonly remarks: readonly string[];
}

export interface DashboardSettings {
  readonly host: string;
  readonly port: number;
  /** Asked for by the page; undefined: it asks for none on loopback, and is closed elsewhere. */
  readonly token: string | undefined;
  /** The hosts of PUBLIC_URL: the names under which people and machines reach the page. */
  readonly publicHosts: readonly string[];
}

export type SourceSettings =
  | {
      readonly name: 'yahoo';
      readonly url: string;
      /** What the program calls itself; undefined: the library's own name. */
      readonly userAgent: string | undefined;
    }
  | { readonly name: 'csv'; readonly folder: string }
  | { readonly name: 'demo' };

export interface WitnessSettings {
  readonly name: 'cboe';
  /** Scheme and host, without a final slash. */
  readonly url: string;
}

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

const DISCORD_HOSTS = /^((ptb|canary)\.)?discord(app)?\.com$/;
/** Every variable of `.env` that this version reads. */
export const VARIABLES = [
  'DATABASE_PATH',
  'MARKET_SOURCE',
  'MARKET_CSV_DIR',
  'YAHOO_FINANCE_URL',
  'YAHOO_USER_AGENT',
  'WITNESS',
  'WITNESS_URL',
  'DISCORD_WEBHOOK_URL',
  'DISCORD_BOT_TOKEN',
  'DISCORD_CHANNEL_ID',
  'DISCORD_API_URL',
  'DISCORD_MENTION',
  'SMTP_URL',
  'EMAIL_FROM',
  'EMAIL_TO',
  'OUTBOX_DIR',
  'HEARTBEAT_URL',
  'DASHBOARD_HOST',
  'DASHBOARD_PORT',
  'DASHBOARD_TOKEN',
  'PUBLIC_URL',
  'LOG_LEVEL',
  'HTTPS_PROXY',
  'HTTP_PROXY',
  'NO_PROXY',
];

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads `.env` (the process's own variables win; an empty value is an unset one) and `config/*.json` below `root`.
 * @throws {SettingsError} with a line for the first thing that cannot be used
 */
export function loadSettings(root: string, environment: Environment): Settings {
  const path = join(root, '.env');
  const file = readEnvFile(path);
  const env = pickSet({ ...file, ...environment });
  const source = marketSource(root, env);
  const api = webUrl('DISCORD_API_URL', env.DISCORD_API_URL ?? 'https://discord.com/api');
  const discordWebhook = webhook(env, api);
  const discordBot = bot(env, api);
  const email = emailAccount(env);
  const elsewhere = [discordWebhook, discordBot, email].some((account) => account !== undefined);
  return freeze({
    databasePath: resolve(root, env.DATABASE_PATH ?? 'data/market.db'),
    source,
    witness: witness(env),
    proxy: proxy(env),
    discordWebhook,
    discordBot,
    mention: mention(env),
    email,
    outboxDir: env.OUTBOX_DIR || !elsewhere ? resolve(root, env.OUTBOX_DIR ?? 'data/outbox') : undefined,
    folderByDefault: env.OUTBOX_DIR === undefined && !elsewhere,
    logLevel: oneOf(LOG_LEVELS, 'LOG_LEVEL', env.LOG_LEVEL ?? 'info'),
    heartbeatUrl: env.HEARTBEAT_URL === undefined ? undefined : webUrl('HEARTBEAT_URL', env.HEARTBEAT_URL).href,
    dashboard: dashboard(env),
    ...readConfigFiles(root),
    secrets: secretsOf(env, discordWebhook),
    remarks: [
      ...Object.keys(file)
        .filter((name) => !VARIABLES.includes(name))
        .map((name) => `.env: ${name} is not a setting of this version and is ignored; .env.example lists them all.`),
      ...(isOpenToOthers(path)
        ? [`${path} can be read by every user of this machine; it holds passwords: chmod 600 ${path}`]
        : []),
      ...trustRemarks(env, environment),
    ],
  });
}

/** The demo's settings: nothing from `.env`, a database and an outbox of its own below `folder`. */
export function demoSettings(root: string, folder: string): Settings {
  return freeze({
    databasePath: join(folder, 'demo.db'),
    source: { name: 'demo' },
    witness: undefined,
    proxy: undefined,
    discordWebhook: undefined,
    discordBot: undefined,
    mention: undefined,
    email: undefined,
    outboxDir: join(folder, 'outbox'),
    folderByDefault: false,
    logLevel: 'warn',
    heartbeatUrl: undefined,
    dashboard: { host: '127.0.0.1', port: 0, token: undefined, publicHosts: [] },
    ...readConfigFiles(root),
    secrets: [],
    remarks: [],
  });
}

/** The name of a symbol that people read; the symbol itself where none is configured. */
export function symbolName(settings: Pick<Settings, 'symbols'>, symbol: string): string {
  return settings.symbols[symbol]?.name ?? symbol;
}

/** The biggest believable daily move of a symbol, as a fraction. 15% where none is configured. */
export function maxDailyMove(settings: Pick<Settings, 'symbols'>, symbol: string): number {
  return settings.symbols[symbol]?.maxDailyMove ?? 0.15;
}

/** Every symbol that some signal needs, each once. */
export function watchedSymbols(settings: Pick<Settings, 'signals'>): string[] {
  return [...new Set(settings.signals.flatMap(({ index, benchmark }) => [index, benchmark]))];
}

/** Where a symbol trades of which no source has told it; New York where nothing is configured. */
export function configuredExchange(settings: Pick<Settings, 'symbols'>, symbol: string): Exchange {
  const { exchange } = settings.symbols[symbol] ?? {};
  return exchange === undefined ? NEW_YORK : exchangeIn(exchange.timeZone, exchange.closesAt);
}

/** True where files may have single Saturdays and Sundays of a symbol, because its exchange trades on some. */
export function tradesAtWeekends(settings: Pick<Settings, 'symbols'>, symbol: string): boolean {
  return settings.symbols[symbol]?.exchange?.weekends ?? false;
}

/** The symbol of a benchmark with dividends; undefined where none is configured. */
export function totalReturnSymbol(settings: Pick<Settings, 'symbols'>, benchmark: string): string | undefined {
  return settings.symbols[benchmark]?.totalReturn;
}

/** True for a symbol whose closes reinvest dividends: it says so, or is another one's total return. */
export function includesDividends(settings: Pick<Settings, 'symbols'>, symbol: string): boolean {
  return (
    settings.symbols[symbol]?.dividends === 'included' ||
    Object.values(settings.symbols).some(({ totalReturn }) => totalReturn === symbol)
  );
}

/** The same text with every secret replaced. Whatever leaves the process passes through here. */
export function withoutSecrets(text: string, secrets: readonly string[]): string {
  return secrets.reduce((clean, secret) => clean.replaceAll(secret, '[secret]'), text);
}

/**
 * Words of others, as a service's error, fit for a line of a log, a terminal or a message: without secrets, without
 * characters that would begin a new line, move a cursor or turn the direction of reading, and not endless.
 */
export function cleanWords(text: string, secrets: readonly string[]): string {
  // Before the text is cut: half a secret is one too.
  const line = withoutSecrets(text.slice(0, LONGEST_TEXT), secrets).replace(CONTROLS, ' ').trim();
  return line.length > LONGEST_LINE ? `${line.slice(0, LONGEST_LINE).trimEnd()} …` : line;
}

const LONGEST_TEXT = 100_000;
const LONGEST_LINE = 500;
const CONTROLS = /[\p{Cc}\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]+/gu;

function readConfigFiles(root: string): Pick<Settings, 'signals' | 'symbols' | 'schedule'> {
  const { signals, symbols } = readConfig(SignalsFile, join(root, 'config/signals.json'));
  const schedule = readConfig(ScheduleFile, join(root, 'config/schedule.json'));
  for (const signal of signals) {
    const file = signal.beforeHistory?.file;
    if (file !== undefined && !existsSync(resolve(root, file))) {
      throw new SettingsError(
        `config/signals.json: ${signal.id}: beforeHistory.file is '${file}'; there is no such file`,
      );
    }
  }
  const located = signals.map((signal) =>
    signal.beforeHistory === undefined
      ? signal
      : { ...signal, beforeHistory: { ...signal.beforeHistory, file: resolve(root, signal.beforeHistory.file) } },
  );
  return { signals: located, symbols, schedule };
}

function readEnvFile(path: string): Record<string, string> {
  // A link that leads nowhere is there too.
  if (lstatSync(path, { throwIfNoEntry: false }) === undefined) return {};
  try {
    return parseEnv(readSettingsText(path));
  } catch (error) {
    const { message } = error as Error;
    const why =
      error instanceof NotReadError ? `${path} ${message}` : `${path} is there but cannot be read: ${message}`;
    throw new SettingsError(why, { cause: error });
  }
}

/** True where others than the owner and his group may read or change the file. Windows has no such bits. */
function isOpenToOthers(path: string): boolean {
  if (process.platform === 'win32' || !existsSync(path)) return false;
  return (statSync(path).mode & 0o006) !== 0;
}

function pickSet(env: Environment): Record<string, string> {
  const set = Object.entries(env).map(([name, value]) => [name, value?.trim() ?? ''] as const);
  for (const [name, value] of set) {
    // A second line would be a second header, address or line of a log.
    if (VARIABLES.includes(name) && /\p{Cc}/u.test(value)) {
      throw new SettingsError(`${name} holds a line break or another control character; it must be one line of text`);
    }
  }
  return Object.fromEntries(set.filter(([, value]) => value !== ''));
}

function marketSource(root: string, env: Record<string, string>): SourceSettings {
  const name = oneOf(['yahoo', 'csv'] as const, 'MARKET_SOURCE', env.MARKET_SOURCE ?? 'yahoo');
  if (name === 'yahoo') {
    const url = webUrl('YAHOO_FINANCE_URL', env.YAHOO_FINANCE_URL ?? 'https://query2.finance.yahoo.com');
    return { name, url: url.href.replace(/\/$/, ''), userAgent: userAgent(env.YAHOO_USER_AGENT) };
  }
  if (env.MARKET_CSV_DIR === undefined) {
    throw new SettingsError('MARKET_CSV_DIR is not set; MARKET_SOURCE=csv needs the folder of SYMBOL.csv files');
  }
  return { name, folder: resolve(root, env.MARKET_CSV_DIR) };
}

function userAgent(value: string | undefined): string | undefined {
  if (value === undefined || /^[\x20-\x7e]{1,500}$/.test(value)) return value;
  throw new SettingsError(
    'YAHOO_USER_AGENT is not a header; allowed: up to 500 plain ASCII characters, as a browser sends them: Mozilla/5.0 (…)',
  );
}

function witness(env: Record<string, string>): WitnessSettings | undefined {
  if (env.WITNESS === undefined) return undefined;
  const name = oneOf(['cboe'] as const, 'WITNESS', env.WITNESS);
  const url = webUrl('WITNESS_URL', env.WITNESS_URL ?? 'https://cdn.cboe.com');
  return { name, url: url.href.replace(/\/$/, '') };
}

/** As curl and most programs read them: names in lower case win, and an address may leave its `http://` out. */
function proxy(env: Record<string, string>): ProxySettings | undefined {
  const https = proxyAddress('HTTPS_PROXY', env.https_proxy ?? env.HTTPS_PROXY);
  const http = proxyAddress('HTTP_PROXY', env.http_proxy ?? env.HTTP_PROXY);
  if (https === undefined && http === undefined) return undefined;
  return { https: https ?? http, http, except: env.no_proxy ?? env.NO_PROXY };
}

function proxyAddress(variable: string, text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const url = URL.parse(text.includes('://') ? text : `http://${text}`);
  const login = decodable(url?.username ?? '') && decodable(url?.password ?? '');
  if (url !== null && /^https?:$/.test(url.protocol) && url.hostname !== '' && login) return url.href;
  // The value may hold a password.
  throw new SettingsError(
    `${variable} is not the address of a proxy; allowed: http://host:port or http://user:password@host:port, with special ` +
      'characters in user and password percent-encoded (SOCKS is not supported)',
  );
}

function decodable(text: string): boolean {
  return !/%(?![0-9a-f]{2})/i.test(text);
}

function webhook(env: Record<string, string>, api: URL): DiscordWebhookSettings | undefined {
  if (env.DISCORD_WEBHOOK_URL === undefined) return undefined;
  // The value itself is a secret: the message says its shape only.
  const url = URL.parse(env.DISCORD_WEBHOOK_URL);
  const [, id, token] = url?.pathname.match(/^\/.*?\/?webhooks\/([\w-]+)\/([\w-]+)\/?$/) ?? [];
  // The token goes nowhere but to Discord, or to the stand-in that DISCORD_API_URL names.
  const trusted = DISCORD_HOSTS.test(url?.hostname ?? '') ? url?.protocol === 'https:' : url?.host === api.host;
  if (url === null || !trusted || id === undefined || token === undefined) {
    throw new SettingsError(
      'DISCORD_WEBHOOK_URL is not a webhook address; copy it from Discord (channel settings, Integrations, Webhooks): ' +
        'https://discord.com/api/webhooks/<id>/<token>',
    );
  }
  return { id, token, ...thread(url.searchParams), api: api.href.replace(/\/$/, '') };
}

/** The thread that a webhook posts into, or the name of the posts that it makes in a forum. */
function thread(query: URLSearchParams): Pick<DiscordWebhookSettings, 'threadId' | 'threadName'> {
  const [threadId, threadName] = ['thread_id', 'thread_name'].map((name) => query.get(name)?.trim() || undefined);
  if (threadId !== undefined && !/^\d+$/.test(threadId)) {
    throw new SettingsError(
      'DISCORD_WEBHOOK_URL has a thread_id that is no id; allowed: digits only (turn on Developer Mode, Copy Thread ID)',
    );
  }
  if (threadId !== undefined && threadName !== undefined) {
    throw new SettingsError(
      'DISCORD_WEBHOOK_URL has thread_id and thread_name; allowed: thread_id (a thread that is there) or thread_name (a new post in a forum)',
    );
  }
  // Source: Discord's reference, "Channel Object": a name has 1 to 100 characters.
  if (threadName !== undefined && threadName.length > LONGEST_THREAD_NAME) {
    throw new SettingsError(
      `DISCORD_WEBHOOK_URL has a thread_name of ${threadName.length} characters; allowed: up to ${LONGEST_THREAD_NAME}`,
    );
  }
  return { threadId, threadName };
}

const LONGEST_THREAD_NAME = 100;

function bot(env: Record<string, string>, api: URL): DiscordBotSettings | undefined {
  const { DISCORD_BOT_TOKEN: token, DISCORD_CHANNEL_ID: channelId } = env;
  if (token === undefined && channelId === undefined) return undefined;
  if (token === undefined || channelId === undefined) {
    const unset = token === undefined ? 'DISCORD_BOT_TOKEN' : 'DISCORD_CHANNEL_ID';
    throw new SettingsError(`${unset} is not set; the bot needs DISCORD_BOT_TOKEN and DISCORD_CHANNEL_ID`);
  }
  if (!/^[\x21-\x7e]+$/.test(token)) {
    throw new SettingsError(
      "DISCORD_BOT_TOKEN is not a bot's token; copy it from the application's page 'Bot', without the word Bot",
    );
  }
  if (!/^\d+$/.test(channelId)) {
    throw new SettingsError(
      "DISCORD_CHANNEL_ID is not a channel's id; allowed: digits only (turn on Developer Mode, Copy Channel ID)",
    );
  }
  return { token, channelId, api: api.href.replace(/\/$/, '') };
}

function mention(env: Record<string, string>): string | undefined {
  const value = env.DISCORD_MENTION;
  if (value === undefined || /^<@[&!]?\d+>$/.test(value)) return value?.replace('!', '');
  throw new SettingsError(`DISCORD_MENTION is '${value}'; allowed: a role '<@&123>' or a user '<@123>', by id`);
}

function emailAccount(env: Record<string, string>): EmailSettings | undefined {
  const names = ['SMTP_URL', 'EMAIL_FROM', 'EMAIL_TO'] as const;
  const unset = names.filter((name) => env[name] === undefined);
  if (unset.length === names.length) return undefined;
  const { SMTP_URL, EMAIL_FROM, EMAIL_TO } = env;
  if (SMTP_URL === undefined || EMAIL_FROM === undefined || EMAIL_TO === undefined) {
    throw new SettingsError(`${unset.join(' and ')} not set; email needs SMTP_URL, EMAIL_FROM and EMAIL_TO`);
  }
  const url = URL.parse(SMTP_URL);
  // An @ so far behind: a question mark in the password that is not percent-encoded.
  if (url === null || !/^smtps?:$/.test(url.protocol) || url.hostname === '' || url.search.includes('@')) {
    throw new SettingsError(
      'SMTP_URL is not a connection address; allowed: smtp://user:password@host:587 (STARTTLS) or ' +
        'smtps://user:password@host:465, with special characters in user and password percent-encoded',
    );
  }
  for (const [option, value] of url.searchParams) {
    const allowed = SMTP_OPTIONS.find(([name]) => name === option || (name === 'tls.*' && option.startsWith('tls.')));
    // Without the option or its value: what follows a question mark may be the end of a password.
    if (allowed === undefined || !allowed[1].test(value)) {
      throw new SettingsError(
        `SMTP_URL has an option that is not allowed, or not with this value; allowed: ${SMTP_OPTIONS.map(([name]) => name).join(', ')} ` +
          '(STARTTLS is required unless it says ignoreTLS=true; times are milliseconds)',
      );
    }
  }
  if (addresses('EMAIL_FROM', EMAIL_FROM).length !== 1) {
    throw new SettingsError(
      `EMAIL_FROM is '${EMAIL_FROM}'; allowed: one address, for example 'Bell <bell@example.com>'`,
    );
  }
  // Of one mailbox in two spellings the first.
  const to = [...Map.groupBy(addresses('EMAIL_TO', EMAIL_TO), sameAddress).values()].flatMap(([first]) => first ?? []);
  return { smtpUrl: SMTP_URL, from: EMAIL_FROM, to };
}

/**
 * nodemailer lets the address overrule its caller. Others than these would take the requirement of STARTTLS away, print the
 * login to the console, or send nothing at all and say that it was sent.
 */
const SMTP_OPTIONS: readonly (readonly [name: string, values: RegExp])[] = [
  ['ignoreTLS', /./],
  ['requireTLS', /^true$/],
  ['secure', /^(true|false)$/],
  ['name', /./],
  ['authMethod', /./],
  ['localAddress', /./],
  ['connectionTimeout', /^[1-9]\d*$/],
  ['greetingTimeout', /^[1-9]\d*$/],
  ['socketTimeout', /^[1-9]\d*$/],
  ['tls.*', /./],
];

/** Both are for a test or a private network, and easily forgotten there. */
function trustRemarks(env: Record<string, string>, environment: Environment): string[] {
  const smtp = URL.parse(env.SMTP_URL ?? '');
  const open = ['DISCORD_API_URL', 'HEARTBEAT_URL'].filter((name) => isOpenTo(URL.parse(env[name] ?? ''), 'http:'));
  if (smtp?.searchParams.get('ignoreTLS') === 'true' && isOpenTo(smtp, 'smtp:')) open.push('SMTP_URL');
  return [
    ...(smtp?.searchParams.get('tls.rejectUnauthorized') === 'false'
      ? ['SMTP_URL turns off the check of the certificate: anybody on the way can read the password.']
      : []),
    ...open.map((name) => `${name} is not encrypted and leads to another machine: anybody on the way can read it.`),
    ...(environment.NODE_TLS_REJECT_UNAUTHORIZED === '0'
      ? [
          'NODE_TLS_REJECT_UNAUTHORIZED=0 turns off the check of every certificate: anybody on the way can read the tokens.',
        ]
      : []),
  ];
}

function isOpenTo(url: URL | null, protocol: string): boolean {
  return url?.protocol === protocol && !/^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(url.hostname);
}

function addresses(variable: string, text: string): readonly string[] {
  const { found, unclear } = readAddresses(text);
  if (found.length > 0 && unclear.length === 0) return found;
  const shown = (parts: readonly string[]) => parts.map((part) => `'${part.slice(0, LONGEST_LINE)}'`).join(', ');
  throw new SettingsError(
    `${variable} is ${shown([text])}; allowed: addresses such as 'ann@example.com' or 'Ann <ann@example.com>', separated ` +
      `by commas. Read from it: ${shown(found) || 'none'}. Not clear: ${shown(unclear) || 'the rest'}`,
  );
}

function webUrl(variable: string, text: string): URL {
  const url = URL.parse(text);
  if (url !== null && /^https?:$/.test(url.protocol) && url.username === '' && url.password === '') return url;
  throw new SettingsError(`${variable} is not an address that begins with https:// or http:// and holds no password`);
}

function dashboard(env: Record<string, string>): DashboardSettings {
  const { DASHBOARD_HOST = '127.0.0.1', DASHBOARD_PORT = '8787', DASHBOARD_TOKEN: token, PUBLIC_URL = '' } = env;
  // The value is a secret. Bearer and Basic both carry these characters unchanged.
  if (token !== undefined && !/^[\x21-\x7e]+$/.test(token)) {
    throw new SettingsError(
      'DASHBOARD_TOKEN holds a space or a character outside ASCII; allowed: letters, digits and signs of ASCII: openssl rand -hex 24',
    );
  }
  if (token !== undefined && token.length < SHORTEST_TOKEN) {
    throw new SettingsError(
      `DASHBOARD_TOKEN has ${token.length} characters; allowed: at least ${SHORTEST_TOKEN}, at random: openssl rand -hex 24`,
    );
  }
  const addresses = PUBLIC_URL.split(',').map((part) => part.trim());
  return {
    host: DASHBOARD_HOST,
    port: port('DASHBOARD_PORT', DASHBOARD_PORT),
    token,
    publicHosts: [...new Set(addresses.filter((part) => part !== '').map(publicHost))],
  };
}

const SHORTEST_TOKEN = 16;

/** The value is not shown: it may be a secret that stands in the wrong variable. */
function publicHost(text: string, at: number, { length }: readonly string[]): string {
  const url = URL.parse(text);
  const host = hostName(url?.hostname ?? '');
  if (url !== null && /^https?:$/.test(url.protocol) && !/[@?#]/.test(text) && host !== undefined) return host;
  throw new SettingsError(
    `PUBLIC_URL${length === 1 ? '' : `, number ${at + 1} of ${length},`} is not an address of the page; allowed: ` +
      'https://bell.example.com or http://breakout-bell:8787, without login, query and fragment, several separated by commas',
  );
}

function port(variable: string, text: string): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value <= 65_535) return value;
  throw new SettingsError(`${variable} is '${text}'; allowed: a port from 1 to 65535, or 0 for any free one`);
}

function oneOf<T extends string>(allowed: readonly T[], variable: string, value: string): T {
  const found = allowed.find((word) => word === value);
  if (found !== undefined) return found;
  throw new SettingsError(`${variable} is '${value}'; allowed: ${allowed.join(', ')}`);
}

function secretsOf(env: Record<string, string>, discord: DiscordWebhookSettings | undefined): string[] {
  const { SMTP_URL, DISCORD_WEBHOOK_URL, DISCORD_BOT_TOKEN, HEARTBEAT_URL, DASHBOARD_TOKEN } = env;
  const logins = [SMTP_URL, ...PROXIES.map((name) => env[name])].flatMap(loginSecrets);
  // Who knows the address of the heartbeat can say in our name that all is well.
  const secrets = [
    DISCORD_WEBHOOK_URL,
    discord?.token,
    DISCORD_BOT_TOKEN,
    DASHBOARD_TOKEN,
    HEARTBEAT_URL,
    ...pathSecrets(HEARTBEAT_URL),
    ...logins,
  ];
  const spelled = secrets.flatMap((text) => (text === undefined ? [] : spellings(text)));
  // Longest first: a URL goes as a whole before the token inside it. What is very short is no word of its own in a text.
  return [...new Set(spelled)].filter(({ length }) => length >= SHORTEST).sort((a, b) => b.length - a.length);
}

const PROXIES = ['https_proxy', 'HTTPS_PROXY', 'http_proxy', 'HTTP_PROXY'];

/** The password in an address: the whole address, as it stands in it, as it is, and as a login is sent. */
function loginSecrets(address: string | undefined): string[] {
  const url = URL.parse(address === undefined || address.includes('://') ? (address ?? '') : `http://${address}`);
  const [user, password] = [decode(url?.username ?? ''), decode(url?.password ?? '')];
  if (url === null || address === undefined || password === '') return [];
  return [address, url.href, url.password, password, `\0${user}\0${password}`, `${user}:${password}`];
}

const SHORTEST = 4;

/** The path of an address and the keys in it: what a server echoes. Shorter parts are words. */
function pathSecrets(address: string | undefined): string[] {
  const path = URL.parse(address ?? '')?.pathname ?? '/';
  return [...(path.length > 8 ? [path] : []), ...path.split('/').filter((part) => part.length >= 16)];
}

/** The ways in which services write a text back: in addresses, forms, JSON, HTML, base64 and hexadecimal. */
function spellings(text: string): string[] {
  const bytes = Buffer.from(text);
  const percent = encodeURIComponent(text);
  const form = new URLSearchParams([['', text]]).toString().slice(1);
  const everyByte = Array.from(bytes, (byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');
  const json = JSON.stringify(text).slice(1, -1);
  const ascii = json.replace(/[\u0080-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
  const html = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  const hex = bytes.toString('hex');
  return [
    text,
    percent,
    percent.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase()),
    form,
    form.replaceAll('+', '%20'),
    form.replaceAll('+', '%20').replaceAll('%7E', '~'),
    percent.replaceAll('%20', '+'),
    encodeURI(text),
    everyByte,
    everyByte.toUpperCase(),
    json,
    ascii,
    json.replaceAll('/', '\\/'),
    html,
    html.replaceAll('"', '&quot;').replaceAll("'", '&#39;'),
    bytes.toString('base64'),
    bytes.toString('base64').replace(/=+$/, ''),
    bytes.toString('base64url'),
    hex,
    hex.toUpperCase(),
    bytes.toString('latin1'),
  ];
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function freeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null) Object.values(Object.freeze(value)).forEach(freeze);
  return value;
}
