import { cpSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Close } from '../../src/market/close.ts';
import { type GatewayStandIn, startGateway } from '../support/discord-gateway.ts';
import { startDiscord } from '../support/discord-server.ts';
import { BOT, type DiscordStandIn } from '../support/discord-stand-in.ts';
import type { PostgresServer } from '../support/postgres-server.ts';
import { type PostingServices, type PostingSnapshot, startPostingServices } from '../support/posting-services.ts';
import { type SmtpStandIn, startSmtp } from '../support/smtp-server.ts';
import { startYahoo, type YahooStandIn } from '../support/yahoo-server.ts';
import { ClockFile } from './clock-file.ts';
import type { Arrival } from './judge.ts';
import { makeFolder, removeFolder } from './package.ts';
import { StageDatabase } from './stage-database.ts';

/** The channels of a stage. */
const CHANNELS = [
  'webhook',
  'bot',
  'email:ann@example.com',
  'email:bob@example.com',
  'slack',
  'telegram',
  'ntfy',
  'own webhook',
] as const;
const CHANNELS_WITHOUT_BOT = CHANNELS.filter((channel) => channel !== 'bot');

export interface StageOptions {
  /** The root of the package that is played. */
  readonly root: string;
  /** Also as a bot, with its gateway: a daemon takes a second longer to start with it. */
  readonly bot: boolean;
  /** Where the ledger is; undefined: in a SQLite file. */
  readonly server?: PostgresServer | undefined;
}

/** Stand-ins of every service, a folder of data and a clock: one trial after the other is played on it. */
export class Stage {
  readonly root: string;
  readonly channels: readonly string[];
  readonly clock: ClockFile;
  readonly yahoo: YahooStandIn;
  readonly discord: DiscordStandIn;
  readonly smtp: SmtpStandIn;
  readonly posting: PostingServices;
  readonly folder: string;
  /** Undefined where the ledger is a SQLite file. */
  readonly database: StageDatabase | undefined;
  /** How far Discord's clock is ahead, milliseconds: its ids cannot tell a time of before 2015. */
  discordAhead = 0;
  /** The folder of the configuration that is played; undefined: the package's own. */
  #config: string | undefined;
  readonly #gateway: GatewayStandIn | undefined;
  readonly #bot: boolean;

  private constructor(
    { root, bot, server }: StageOptions,
    yahoo: YahooStandIn,
    discord: DiscordStandIn,
    smtp: SmtpStandIn,
    posting: PostingServices,
    gateway: GatewayStandIn | undefined,
  ) {
    this.root = root;
    this.yahoo = yahoo;
    this.discord = discord;
    this.smtp = smtp;
    this.posting = posting;
    this.#gateway = gateway;
    this.#bot = bot;
    this.channels = bot ? CHANNELS : CHANNELS_WITHOUT_BOT;
    this.folder = makeFolder();
    this.clock = new ClockFile(join(this.folder, 'clock'));
    mkdirSync(this.data);
    this.database = server && new StageDatabase(server, this.clock.path);
    discord.now = () => this.clock.now() + this.discordAhead;
    posting.setClock(() => this.clock.now());
    Object.defineProperty(yahoo, 'now', { get: () => this.clock.now() });
  }

  static async open(options: StageOptions): Promise<Stage> {
    const [yahoo, discord, smtp, posting] = await Promise.all([
      startYahoo(),
      startDiscord(),
      startSmtp(),
      startPostingServices(),
    ]);
    const gateway = options.bot ? await startGateway(discord) : undefined;
    return new Stage(options, yahoo, discord, smtp, posting, gateway);
  }

  /** Where the database and what belongs to it lies. */
  get data(): string {
    return join(this.folder, 'data');
  }

  /** The settings as variables, for a process. */
  get environment(): Readonly<Record<string, string>> {
    return {
      DATABASE_PATH: join(this.data, 'market.db'),
      ...(this.database && { DATABASE_URL: this.database.url }),
      MARKET_SOURCE: 'yahoo',
      YAHOO_FINANCE_URL: this.yahoo.url,
      DISCORD_WEBHOOK_URL: this.discord.webhookUrl,
      DISCORD_API_URL: this.discord.url,
      ...(this.#bot ? BOT : {}),
      SMTP_URL: this.smtp.url,
      EMAIL_FROM: 'Breakout Bell <bell@example.com>',
      EMAIL_TO: 'ann@example.com, bob@example.com',
      ...this.posting.environment,
      ...(this.#config === undefined ? {} : { CONFIG_DIR: this.#config }),
      DASHBOARD_PORT: '0',
      // With it an alert can be marked as seen, and nobody does: a daemon reminds of each.
      PUBLIC_URL: 'https://bell.example.com',
      LOG_LEVEL: 'warn',
    };
  }

  serve(closes: Readonly<Record<string, readonly Close[]>>): void {
    for (const [symbol, all] of Object.entries(closes)) this.yahoo.closes.set(symbol, [...all]);
  }

  /** Everything that has arrived, in the order in which it arrived at each service. */
  arrivals(): Arrival[] {
    const posts = this.discord.messages.map(({ by, payload, at: discordAt }) => ({
      channel: by as string,
      id: payload.embeds?.[0]?.footer?.text.split('\n').at(-1) ?? '',
      marked: saysRepeat(JSON.stringify(payload)),
      mail: null,
      at: discordAt - this.discordAhead,
    }));
    const mails = this.smtp.messages.map(({ headers, messageId, envelope, subject, text }, index) => ({
      channel: `email:${envelope.to.join()}`,
      id: String(headers.get('x-breakout-bell-id')),
      marked: saysRepeat(`${subject} ${text}`),
      mail: String(messageId),
      at: this.#mailTimes[index] ?? 0,
    }));
    const others = this.posting.arrivals().map(({ channel, id, text, at }) => ({
      channel: channel === 'webhook' ? 'own webhook' : channel,
      id,
      marked: saysRepeat(text),
      mail: null,
      at,
    }));
    return [...posts, ...mails, ...others];
  }

  /** Calls `told` with each step that the services see, numbered: `discord webhook accepted 1`. */
  watch(told: (step: string) => void): void {
    const counts = new Map<string, number>();
    const count = (step: string) => {
      const n = (counts.get(step) ?? 0) + 1;
      counts.set(step, n);
      told(`${step} ${n}`);
    };
    this.yahoo.watch = (step) => count(`yahoo ${step}`);
    this.discord.watch = (step) => count(`discord ${step}`);
    this.posting.watch(count);
    this.smtp.watch = (step) => {
      this.#note(step);
      count(`smtp ${step}`);
    };
  }

  unwatch(): void {
    this.yahoo.watch = this.discord.watch = undefined;
    this.posting.watch();
    this.smtp.watch = (step) => this.#note(step);
  }

  /** Forgets all that has arrived, and puts data and services back to what they were. */
  async reset(before: Snapshot): Promise<void> {
    this.unwatch();
    this.yahoo.fault = this.yahoo.tweak = this.discord.fault = this.smtp.fault = undefined;
    this.yahoo.requests.length = this.yahoo.headers.length = this.discord.requests.length = 0;
    this.discord.messages.splice(0, Number.POSITIVE_INFINITY, ...before.discord);
    this.smtp.messages.splice(0, Number.POSITIVE_INFINITY, ...before.smtp);
    this.#mailTimes.splice(0, Number.POSITIVE_INFINITY, ...before.mailTimes);
    this.posting.reset(before.posting);
    this.serve(before.closes);
    this.#config = before.config;
    removeFolder(this.data);
    mkdirSync(this.data);
    if (before.data !== undefined) cpSync(before.data, this.data, { recursive: true });
    await this.database?.reset(before.database);
  }

  /** What is there now, to come back to. Nothing may run meanwhile. @param copy where the data are copied to */
  async snapshot(copy: string): Promise<Snapshot> {
    removeFolder(copy);
    cpSync(this.data, copy, { recursive: true });
    return {
      data: copy,
      database: await this.database?.copy(),
      discord: [...this.discord.messages],
      smtp: [...this.smtp.messages],
      mailTimes: [...this.#mailTimes],
      posting: this.posting.snapshot(),
      closes: Object.fromEntries(this.yahoo.closes),
      config: this.#config,
    };
  }

  async close(): Promise<void> {
    this.clock.close();
    await Promise.all([
      this.yahoo.close(),
      this.discord.close(),
      this.smtp.close(),
      this.posting.close(),
      this.#gateway?.close(),
    ]);
    await this.database?.close();
    removeFolder(this.folder);
  }

  readonly #mailTimes: number[] = [];
  #note(step: string): void {
    if (step === 'taken') this.#mailTimes[this.smtp.messages.length - 1] = this.clock.now();
  }
}

/** What a trial begins with. */
export interface Snapshot {
  /** A folder with the data; undefined: none. */
  readonly data: string | undefined;
  /** The name of a database to copy; undefined: none. */
  readonly database?: string | undefined;
  readonly discord: Stage['discord']['messages'];
  readonly smtp: Stage['smtp']['messages'];
  readonly mailTimes: readonly number[];
  readonly posting: PostingSnapshot;
  readonly closes: Readonly<Record<string, readonly Close[]>>;
  /** A folder with signals.json and schedule.json; undefined: the package's own. */
  readonly config?: string | undefined;
}

function saysRepeat(text: string): boolean {
  return text.replace(/\s+/g, ' ').includes('may be a repeat');
}
