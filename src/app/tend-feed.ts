import { cleanWords } from '../message/clean-words.ts';
import { FEED } from '../store/parts.ts';
import type { App } from './app.ts';
import { beginFeed, feedDocument, feedIdentity } from './feed.ts';
import { writeFeedFile } from './feed-file.ts';

/**
 * Brings the feed up to what was told: its file, where one is set up. Only the owner of the lease does so. What fails is
 * told, and stops nothing.
 */
export async function tendFeed(app: Pick<App, 'settings' | 'ledger' | 'source' | 'now' | 'host'>): Promise<void> {
  const { file, url } = app.settings.feed;
  try {
    const identity = (await feedIdentity(app)) ?? (await beginFeed(app));
    if (file === undefined) return;
    let failure: string | null = null;
    try {
      writeFeedFile(file, identity.id, await feedDocument(app, identity, url));
    } catch (error) {
      failure = cleanWords((error as Error).message, app.settings.secrets);
    }
    await note(app, failure);
  } catch (error) {
    app.host.progress(`the feed: ${cleanWords((error as Error).message, app.settings.secrets)}`);
  }
}

/** Told once by a warning, and once more when it works again. */
async function note(
  { ledger, now, host }: Pick<App, 'ledger' | 'now' | 'host'>,
  failure: string | null,
): Promise<void> {
  if (failure !== null) host.progress(`the feed: ${failure}`);
  const known = (await ledger.probes()).find(({ part }) => part === FEED);
  const isNew = failure !== (known?.failure ?? null);
  if (isNew) await ledger.probe(FEED, failure, new Date(now()).toISOString());
}
