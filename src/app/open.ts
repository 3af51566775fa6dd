import { statfs } from 'node:fs/promises';
import type { Channel } from '../channel/channel.ts';
import { createChannels } from '../channel/channels.ts';
import { requireChannelsOf } from '../channel/of-signal.ts';
import type { Settings } from '../settings/settings.ts';
import type { Ledger } from '../store/ledger.ts';
import type { App } from './app.ts';
import type { Runtime } from './runtime.ts';
import { createSource, createWitness } from './sources.ts';
import { openStores } from './stores.ts';

/**
 * Opens the database and puts everything together.
 * @throws {DatabaseError} where the database cannot be used, or holds closes of another source
 * @throws {SettingsError} where a signal names a channel that is not set up
 */
export async function openApp(settings: Settings, runtime: Runtime): Promise<App> {
  const { now, sleep, progress, stopping = new AbortController().signal } = runtime;
  const { database, closes, ledger, close } = await openStores(settings, runtime);
  const channels = await underKnownIds(await createChannels(settings, runtime.timeout, now), ledger);
  try {
    // A lost `.env` sets nothing up: what it did is still known, and alerts are kept for it.
    const forgotten = settings.folderByDefault ? await ledger.channelsBefore() : [];
    requireChannelsOf(settings.signals, channels, settings.configFiles.signals, forgotten);
  } catch (error) {
    close();
    throw error;
  }
  const host = { sleep, stopping, progress, freeBytes: runtime.freeBytes ?? freeBytes };
  return {
    settings,
    database,
    closes,
    ledger,
    source: runtime.source ?? (await createSource(settings, { ...runtime, stopping })),
    witness: await createWitness(settings, { ...runtime, stopping }),
    channels,
    now,
    draw:
      runtime.draw ??
      (async (message) => {
        const { drawPictures } = await import('./pictures.ts');
        return drawPictures({ settings, closes, host }, message);
      }),
    host,
    close,
  };
}

/**
 * A webhook keeps the id that the ledger knows it by: where the oldest of two is taken out, the other one is the only one, and
 * what the first one did not get was not meant for it.
 */
async function underKnownIds(channels: readonly Channel[], ledger: Pick<Ledger, 'channelsBefore'>): Promise<Channel[]> {
  if (channels.every(({ id, alias }) => alias === undefined || alias === id)) return [...channels];
  const known = await ledger.channelsBefore();
  return channels.map((channel) =>
    channel.alias !== undefined && known.includes(channel.alias) ? { ...channel, id: channel.alias } : channel,
  );
}

async function freeBytes(path: string): Promise<number> {
  const { bavail, bsize } = await statfs(path);
  return bavail * bsize;
}
