import { existsSync } from 'node:fs';
import { join } from 'node:path';
import pMap from 'p-map';
import type { App } from '../app/app.ts';
import { openApp } from '../app/open.ts';
import type { Runtime } from '../app/runtime.ts';
import { createSource, createWitness } from '../app/sources.ts';
import type { Channel } from '../channel/channel.ts';
import { createChannels } from '../channel/channels.ts';
import { NEW_YORK } from '../market/exchange.ts';
import { expectedSession } from '../market/expected-session.ts';
import { newYorkDate } from '../market/new-york.ts';
import { addMonths } from '../market/session.ts';
import type { Source } from '../market/source.ts';
import { WitnessError } from '../market/witness.ts';
import { cleanWords } from '../message/clean-words.ts';
import { count, date, plural, points } from '../message/format.ts';
import { accessLine } from '../settings/page-access.ts';
import { PROGRAM_FOLDER } from '../settings/places.ts';
import { proxyHost } from '../settings/proxy.ts';
import type { Settings } from '../settings/settings.ts';
import { watchedSymbols } from '../settings/symbols.ts';
import type { ClosesStore } from '../store/closes.ts';
import { placeName } from '../store/errors.ts';
import { testHeartbeat } from './heartbeat.ts';
import { type Notices, noticesOf } from './notices.ts';

/** Far enough back to find a close in a source that has fallen behind, and say how far. */
const LOOK_BACK_MONTHS = 24;

/** Requests under way at once. */
const AT_ONCE = 4;
/** So many symbols get a line each. */
const ONE_BY_ONE = 20;

type Lines = readonly [string, ...string[]];

/** One thing that was looked at. */
export interface Finding {
  readonly ok: boolean;
  /** True for what works as it is set up, and may well not be what is meant. */
  readonly note?: true;
  readonly what: string;
  /** What was found, or what is wrong and what to do. */
  readonly text: string;
}

/**
 * Looks at settings, database, source, every channel and the heartbeat, changing nothing and sending nothing to people. Each
 * gets its own line, a database server several.
 */
export async function doctor(settings: Settings, runtime: Runtime, root: string): Promise<Finding[]> {
  const source = await createSource(settings, runtime);
  const channels = await createChannels(settings, undefined, runtime.now);
  const { heartbeatUrl } = settings;
  return Promise.all([
    find(settings, 'settings', () => settingsLine(settings, channels, root)),
    nobodyFindings(settings),
    databaseFindings(settings, runtime, root),
    sourceFindings(settings, source, runtime),
    ...(settings.witness === undefined
      ? []
      : [find(settings, settings.witness.name, () => witnessLine(settings, runtime))]),
    ...channels.map((channel) => find(settings, channel.id, () => channel.test())),
    ...(heartbeatUrl === undefined ? [] : [find(settings, 'heartbeat', () => testHeartbeat(heartbeatUrl))]),
    find(settings, 'page', () => accessLine(settings.dashboard)),
  ]).then((findings) => findings.flat());
}

/** A line for each symbol; of a long watch list only for those that are not well. */
async function sourceFindings(settings: Settings, source: Source, { now }: Runtime): Promise<Finding[]> {
  const symbols = watchedSymbols(settings);
  const findings = await pMap(
    symbols,
    (symbol) => find(settings, source.name, () => sourceLine(source, symbol, now())),
    { concurrency: AT_ONCE },
  );
  if (symbols.length <= ONE_BY_ONE) return findings;
  const failing = findings.filter(({ ok }) => !ok);
  const behind = findings.filter(({ ok, text }) => ok && text.endsWith(' behind')).length;
  const late = behind === 0 ? '' : `, ${count(behind)} of them behind`;
  const well = `${count(symbols.length - failing.length)} of ${count(symbols.length)} symbols can be read${late}`;
  return [{ ok: failing.length === 0, what: source.name, text: well }, ...failing];
}

async function find(settings: Settings, what: string, look: () => Promise<string> | string): Promise<Finding> {
  const [finding] = await findLines(settings, what, async () => [await look()]);
  return finding;
}

/** The same of a part that more is to be said of: a finding for each line. */
async function findLines(
  settings: Settings,
  what: string,
  look: () => Promise<Lines>,
): Promise<[Finding, ...Finding[]]> {
  const findingOf = (ok: boolean, text: string) => ({ ok, what, text: cleanWords(text, settings.secrets) });
  try {
    const [first, ...more] = await look();
    return [findingOf(true, first), ...more.map((line) => findingOf(true, line))];
  } catch (error) {
    return [findingOf(false, (error as Error).message)];
  }
}

/** What the second source says of the first index that it knows. */
async function witnessLine(settings: Settings, runtime: Runtime): Promise<string> {
  const witness = await createWitness(settings, runtime);
  const symbol = settings.signals.map(({ index }) => index).find((index) => witness?.knows(index));
  if (witness === undefined || symbol === undefined) return 'it has no quote of what is watched, so it is never asked';
  try {
    const { close, session } = await witness.ask(symbol, runtime.now());
    return `${symbol}: ${points(close)} of ${date(session)}, a delayed quote`;
  } catch (error) {
    if (!(error instanceof WitnessError)) throw error;
    throw new WitnessError(
      `${witness.name} ${error.message}; alerts go out all the same, and say that nobody confirms`,
    );
  }
}

function settingsLine(settings: Settings, channels: readonly Channel[], root: string): string {
  const { signals, proxy, configDir } = settings;
  const file = join(root, '.env');
  const origin = existsSync(file) ? `${file} and the environment` : `the environment, as there is no ${file}`;
  const ids = (list: readonly { readonly id: string }[]) => list.map(({ id }) => id).join(', ');
  const parts = [
    `read from ${origin}`,
    ...(configDir === undefined ? [] : [`configuration: ${configDir}${howToChange(configDir, root)}`]),
    `signals: ${signals.length > ONE_BY_ONE ? count(signals.length) : ids(signals)}`,
    `channels: ${ids(channels)}`,
    ...(proxy === undefined ? [] : [`proxy: ${proxyHost(proxy)}`]),
  ];
  return parts.join('; ');
}

/** What came with the program is replaced with it. */
function howToChange(configDir: string, root: string): string {
  return configDir === join(PROGRAM_FOLDER, 'config')
    ? ` (it came with this version; to change it, copy it: cp -r ${configDir} ${root})`
    : '';
}

/** That nobody hears of anything, where no channel was chosen. */
function nobodyFindings({ folderByDefault, outboxDir }: Settings): Finding[] {
  if (!folderByDefault) return [];
  const text =
    `nobody will be told: no channel is set up, so messages only become files in ${outboxDir}; set DISCORD_WEBHOOK_URL, or ` +
    'SMTP_URL, EMAIL_FROM and EMAIL_TO, in .env (or OUTBOX_DIR, if files are what you want)';
  return [{ ok: true, note: true, what: 'channels', text }];
}

/** The database, and of the daemon that it knows on this machine what a person should do. */
async function databaseFindings(settings: Settings, runtime: Runtime, root: string): Promise<Finding[]> {
  let notices: Notices = { notLoaded: [], port: undefined };
  const lines = await findLines(settings, 'database', async () => {
    const app = await openApp(settings, runtime);
    try {
      const found = await databaseLines(app, runtime);
      notices = await noticesOf(app, root);
      return found;
    } finally {
      app.close();
    }
  });
  return [
    ...lines,
    ...notices.notLoaded.map((text) => ({ ok: true, note: true as const, what: 'daemon', text })),
    ...(notices.port === undefined ? [] : [{ ok: false, what: 'page', text: notices.port }]),
  ];
}

/** That it is sound and what is stored in it; then, of a server, what a person should know of it. */
async function databaseLines({ settings, ledger, closes }: App, { now }: Runtime): Promise<Lines> {
  const name = placeName(settings);
  const unsound = await ledger.unsoundness();
  if (unsound !== null) throw new Error(`${name} is damaged: ${unsound}; restore a copy`);
  return [`${name} is sound; ${storedWords(watchedSymbols(settings), closes)}`, ...(await ledger.inspect(now))];
}

function storedWords(symbols: readonly string[], closes: ClosesStore): string {
  if (symbols.length > ONE_BY_ONE) {
    const known = symbols.filter((symbol) => closes.first(symbol) !== undefined);
    return `it has closes of ${count(known.length)} of ${count(symbols.length)} symbols`;
  }
  const stored = symbols.map((symbol) => {
    const all = closes.accepted(symbol);
    const last = all.at(-1);
    if (last === undefined) return `no closes of ${symbol} yet`;
    return `${plural(all.length, 'close')} of ${symbol} to ${date(last.session)}`;
  });
  return stored.join(', ');
}

async function sourceLine(source: Source, symbol: string, now: number): Promise<string> {
  const reading = await source.read(symbol, addMonths(newYorkDate(now), -LOOK_BACK_MONTHS), now);
  const { bars, exchange = NEW_YORK, marketPrice } = reading;
  const last = bars.findLast(({ close }) => close !== null);
  if (last === undefined || last.close === null)
    throw new Error(`${symbol}: no close in the last ${LOOK_BACK_MONTHS} months`);
  const look = { at: now, lastTrade: marketPrice?.session };
  const behind = exchange.sessionsBetween(last.session, expectedSession(exchange, look, now)).length - 1;
  const late = behind > 0 ? `, ${plural(behind, 'session')} behind` : '';
  return `${symbol}: newest close ${points(last.close)} of ${date(last.session)}${late}`;
}
