import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { App } from '../../src/app/app.ts';
import { openApp } from '../../src/app/open.ts';
import { check } from '../../src/check/check.ts';
import type { Report } from '../../src/check/report.ts';
import { type Round, type RoundOptions, round } from '../../src/daemon/round.ts';
import { createDemoSource } from '../../src/demo/source.ts';
import type { Close } from '../../src/market/close.ts';
import { loadSettings, type Settings } from '../../src/settings/settings.ts';
import { startDiscord } from './discord-server.ts';
import type { DiscordStandIn } from './discord-stand-in.ts';
import { newDatabase } from './postgres.ts';
import { type SmtpStandIn, startSmtp } from './smtp-server.ts';
import { startYahoo, type YahooStandIn } from './yahoo-server.ts';

const ROOT = join(import.meta.dirname, '../..');

/** Evening checks of the story, ten minutes after a close counts. */
export const SEP_17 = '2025-09-17T20:45:00Z';
export const SEP_18 = '2025-09-18T20:45:00Z';
export const SEP_19 = '2025-09-19T20:45:00Z';
export const SEP_22 = '2025-09-22T20:45:00Z';

export const EVENT = 'russell-2000/2025-09-18';

/** Stand-ins of Yahoo, Discord and a mail server with two recipients, and the bot between them. */
export interface Story {
  readonly yahoo: YahooStandIn;
  readonly discord: DiscordStandIn;
  readonly smtp: SmtpStandIn;
  readonly settings: Settings;
  /** Reads the settings; by default from the variables alone. */
  load: () => Settings;
  /** The settings as variables, for a process of its own. */
  readonly environment: Readonly<Record<string, string>>;
  /** Changes variables, as a person does who has read what was printed. */
  configure(changes: Readonly<Record<string, string>>): void;
  /** True: messages carry their pictures. Off by default, as drawing takes longer than all the rest. */
  pictures: boolean;
  /** Done to each app that is opened from now on, before it is used. */
  prepare: ((app: App) => void) | undefined;
  /** Opens the app at an instant, as a fresh process would, and closes it again. */
  at<T>(instant: string, act: (app: App) => Promise<T>): Promise<T>;
  /** One whole check at an instant. */
  check(instant: string, options?: Partial<Parameters<typeof check>[1]>): Promise<Report>;
  /** One whole round of the daemon at an instant; it checks even when nothing is due, unless told otherwise. */
  round(instant: string, check?: RoundOptions['check']): Promise<Round>;
  /** Bytes that are free on the disk of the story. */
  freeBytes: number;
  /** Changes, adds (a number) or removes (undefined) one close of the stand-in's. */
  setClose(symbol: string, session: string, close: number | undefined): void;
}

/** A story that ends with its test. */
export async function startStory(environment: Record<string, string> = {}): Promise<Story> {
  const { story, close } = await openStory(environment);
  onTestFinished(close);
  return story;
}

/**
 * A story to be closed by hand. The closes that Yahoo has in it are the demo's, which meet the real ones of September 2025.
 * @param timeout how long a service may take for one answer, in milliseconds; each one's own by default
 */
export async function openStory(
  environment: Readonly<Record<string, string>> = {},
  timeout?: number,
): Promise<{ story: Story; close(): Promise<void> }> {
  const [yahoo, discord, smtp] = await Promise.all([startYahoo(), startDiscord(), startSmtp()]);
  for (const symbol of ['^RUT', '^GSPC']) yahoo.closes.set(symbol, await demoCloses(symbol));
  const folder = mkdtempSync(join(tmpdir(), 'breakout-bell-'));
  const postgres = process.env.STORIES_ON === 'postgres' ? { DATABASE_URL: (await newDatabase()).url } : {};
  let variables: Readonly<Record<string, string>> = {
    DATABASE_PATH: `${folder}/market.db`,
    ...postgres,
    MARKET_SOURCE: 'yahoo',
    YAHOO_FINANCE_URL: yahoo.url,
    DISCORD_WEBHOOK_URL: discord.webhookUrl,
    DISCORD_API_URL: discord.url,
    SMTP_URL: smtp.url,
    EMAIL_FROM: 'Breakout Bell <bell@example.com>',
    EMAIL_TO: 'ann@example.com, bob@example.com',
    ...environment,
  };

  const at = async <T>(instant: string, act: (app: App) => Promise<T>): Promise<T> => {
    const now = Date.parse(instant);
    yahoo.now = now;
    discord.now = () => now;
    const app = await openApp(story.settings, {
      now: () => now,
      sleep: async () => {},
      random: () => 0.5,
      progress: () => {},
      freeBytes: async () => story.freeBytes,
      ...(timeout === undefined ? {} : { timeout }),
      ...(story.pictures ? {} : { draw: async () => [] }),
    });
    try {
      story.prepare?.(app);
      return await act(app);
    } finally {
      app.close();
    }
  };
  const story: Story = {
    yahoo,
    discord,
    smtp,
    load: () => loadSettings(ROOT, variables),
    get settings() {
      return story.load();
    },
    get environment() {
      return variables;
    },
    configure: (changes) => {
      variables = { ...variables, ...changes };
    },
    pictures: false,
    prepare: undefined,
    at,
    check: (instant, options) =>
      at(instant, async (app) => {
        const result = await check(app, {
          offline: false,
          command: 'test',
          ...options,
        });
        if ('skipped' in result) throw new Error(result.skipped);
        return result;
      }),
    round: (instant, check = 'always') => at(instant, (app) => round(app, { why: 'test', check })),
    freeBytes: 1e12,
    setClose: (symbol, session, close) => {
      const others = (yahoo.closes.get(symbol) ?? []).filter((known) => known.session !== session);
      const all = close === undefined ? others : [...others, { session, close }];
      yahoo.closes.set(
        symbol,
        all.toSorted((a, b) => (a.session < b.session ? -1 : 1)),
      );
    },
  };
  return {
    story,
    close: async () => {
      // A test may have put another one in its place.
      await Promise.all([yahoo.close(), discord.close(), smtp.close(), story.smtp.close()]);
      rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
    },
  };
}

const demo = new Map<string, Close[]>();

/** The demo's closes: simulated once, the same for each story, and frozen for that. */
async function demoCloses(symbol: string): Promise<Close[]> {
  const known = demo.get(symbol);
  if (known !== undefined) return known;
  const { bars } = await createDemoSource().read(symbol, undefined, Date.parse('2026-06-01T00:00:00Z'));
  const closes = bars.map(({ session, close }) => Object.freeze({ session, close: close ?? 0 }));
  Object.freeze(closes);
  demo.set(symbol, closes);
  return closes;
}

/** Lets the file of the records before the history be gone. @returns what puts it back */
export function loseEarlierRecords(story: Story): () => void {
  const { load } = story;
  story.load = () => {
    const settings = load();
    const signals = settings.signals.map((signal) => ({
      ...signal,
      beforeHistory: signal.beforeHistory && { ...signal.beforeHistory, file: '/there/is/no/such/file.csv' },
    }));
    return { ...settings, signals };
  };
  return () => {
    story.load = load;
  };
}
