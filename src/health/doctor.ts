import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { App } from '../app/app.ts';
import { openApp } from '../app/open.ts';
import type { Runtime } from '../app/runtime.ts';
import { createSource, createWitness } from '../app/sources.ts';
import type { Channel } from '../channel/channel.ts';
import { createChannels } from '../channel/channels.ts';
import type { Check } from '../channel/kind.ts';
import { shortNames } from '../channel/names.ts';
import { channelsOf, requireChannelsOf, toAllChannels } from '../channel/of-signal.ts';
import { setUp } from '../channel/set-up.ts';
import { type ToPublish, toPublish } from '../delivery/publish.ts';
import { WitnessError } from '../market/witness.ts';
import { commandLine } from '../message/command-line.ts';
import { count, date, firstOf, plural, points } from '../message/format.ts';
import { accessLine } from '../settings/page-access.ts';
import { PROGRAM_FOLDER } from '../settings/places.ts';
import { proxyHost } from '../settings/proxy.ts';
import type { Settings } from '../settings/settings.ts';
import { watchedSymbols } from '../settings/symbols.ts';
import type { Signal } from '../signal/signal.ts';
import type { ClosesStore } from '../store/closes.ts';
import { placeName } from '../store/errors.ts';
import { channelFindings } from './channel-findings.ts';
import { testFeed } from './feed.ts';
import { type Finding, find, findLines, type Lines } from './finding.ts';
import { testHeartbeat } from './heartbeat.ts';
import { type Notices, noticesOf } from './notices.ts';
import { ONE_BY_ONE, sourceFindings } from './source-findings.ts';

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
    channelFindings(settings, channels),
    ...setUp(settings).flatMap(({ checks }) => checks.map(checkFindings)),
    ...(heartbeatUrl === undefined ? [] : [find(settings, 'heartbeat', () => testHeartbeat(heartbeatUrl))]),
    ...(settings.feed.file === undefined ? [] : [find(settings, 'feed', () => testFeed(settings))]),
    find(settings, 'page', () => accessLine(settings.dashboard)),
  ]).then((findings) => findings.flat());
}

/** What a kind of channels looks at beside each channel. */
async function checkFindings({ what, look }: Check): Promise<Finding[]> {
  const { ok, text, copy } = await look();
  return [{ ok, what, text }, ...(copy === undefined ? [] : [{ ok: true, note: true as const, what, text: copy }])];
}

/** What the second source says of the first index that it knows. */
async function witnessLine(settings: Settings, runtime: Runtime): Promise<string> {
  const witness = await createWitness(settings, runtime);
  const symbol = settings.signals.map(({ index }) => index).find((index) => witness?.knows(index));
  if (witness === undefined || symbol === undefined)
    return 'it has no quote for any watched index, so it is never asked';
  try {
    const { close, session } = await witness.ask(symbol, runtime.now());
    return `${symbol}: ${points(close)} of ${date(session)}, a delayed quote`;
  } catch (error) {
    if (!(error instanceof WitnessError)) throw error;
    throw new WitnessError(
      `${witness.name} ${error.message}; alerts still go out, and say that no second source confirms them`,
    );
  }
}

function settingsLine(settings: Settings, channels: readonly Channel[], root: string): string {
  const { signals, proxy, configDir, configFiles } = settings;
  // Where nothing is set up, what was before is known to the database only.
  if (!settings.folderByDefault) requireChannelsOf(signals, channels, configFiles.signals);
  const naming = signals.filter((signal) => signal.channels !== undefined);
  const file = join(root, '.env');
  const origin = existsSync(file) ? `${file} and the environment` : `the environment, as there is no ${file}`;
  const ids = (list: readonly { readonly id: string }[]) => list.map(({ id }) => id).join(', ');
  const parts = [
    `read from ${origin}`,
    ...(configDir === undefined ? [] : [`configuration: ${configDir}${howToChange(configDir, root)}`]),
    `signals: ${signals.length > ONE_BY_ONE ? count(signals.length) : ids(signals)}`,
    `channels: ${channels.length > ONE_BY_ONE ? shortNames(channels.map(({ id }) => id)).join(', ') : ids(channels)}`,
    ...channelGroups(naming, channels).map(({ to, of }) => `${firstOf(of)} only to: ${to}`),
    ...(proxy === undefined ? [] : [`proxy: ${proxyHost(proxy)}`]),
  ];
  return parts.join('; ');
}

/** The signals that go to the same channels only, by id. */
function channelGroups(naming: readonly Signal[], channels: readonly Channel[]) {
  const groups = Map.groupBy(naming, (signal) => channelsOf(signal, channels).join(', '));
  return [...groups].map(([to, signals]) => ({ to, of: signals.map(({ id }) => id) }));
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
    `nobody will be alerted: no channel is set up, so messages only become files in ${outboxDir}; ${commandLine('setup')} adds one, or set ` +
    'DISCORD_WEBHOOK_URL, or SMTP_URL, EMAIL_FROM and EMAIL_TO, in .env (or OUTBOX_DIR, if you want only files)';
  return [{ ok: true, note: true, what: 'channels', text }];
}

/** The database, and of the daemon that it knows on this machine what a person should do. */
async function databaseFindings(settings: Settings, runtime: Runtime, root: string): Promise<Finding[]> {
  let notices: Notices = { notLoaded: [], port: undefined };
  let unpublished: readonly ToPublish[] = [];
  const lines = await findLines(settings, 'database', async () => {
    // What a signal names wrongly is told with the settings, once.
    const signals = settings.folderByDefault ? settings.signals : toAllChannels(settings.signals);
    const app = await openApp({ ...settings, signals }, runtime);
    try {
      const found = await databaseLines(app, runtime);
      notices = await noticesOf(app, root);
      unpublished = await toPublish(app);
      return found;
    } finally {
      app.close();
    }
  });
  return [
    ...lines,
    ...notices.notLoaded.map((text) => ({ ok: true, note: true as const, what: 'daemon', text })),
    ...unpublished.flatMap(({ message, channel, reason }) => {
      const text = `${message} is not published to the followers of the channel yet: ${reason}`;
      return reason === undefined ? [] : [{ ok: true, note: true as const, what: channel, text }];
    }),
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
