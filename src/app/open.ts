import { statfs } from 'node:fs/promises';
import { createChannels } from '../channel/channels.ts';
import type { Settings } from '../settings/settings.ts';
import type { App } from './app.ts';
import type { Runtime } from './runtime.ts';
import { createSource, createWitness } from './sources.ts';
import { openStores } from './stores.ts';

/**
 * Opens the database and puts everything together.
 * @throws {DatabaseError} where the database cannot be used, or holds closes of another source
 */
export async function openApp(settings: Settings, runtime: Runtime): Promise<App> {
  const { now, sleep, progress, stopping = new AbortController().signal } = runtime;
  const { database, closes, ledger, close } = await openStores(settings, runtime);
  const host = { sleep, stopping, progress, freeBytes: runtime.freeBytes ?? freeBytes };
  return {
    settings,
    database,
    closes,
    ledger,
    source: runtime.source ?? (await createSource(settings, { ...runtime, stopping })),
    witness: await createWitness(settings, { ...runtime, stopping }),
    channels: await createChannels(settings, runtime.timeout, now),
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

async function freeBytes(path: string): Promise<number> {
  const { bavail, bsize } = await statfs(path);
  return bavail * bsize;
}
