import { randomUUID } from 'node:crypto';
import { KINDS_OF_EVENTS } from '../delivery/kinds.ts';
import { type FeedEntry, type FeedIdentity, feedEntry, MOST_ENTRIES, renderFeed } from '../render/feed.ts';
import { nameUuid } from '../render/name-uuid.ts';
import type { App } from './app.ts';
import { entriesInFile, idInFile } from './feed-file.ts';

/** The fact of the ledger that says which feed is its own: a UUID, and since when. */
const FEED = 'feed';

/** Which feed a ledger has; undefined before its first run. */
export async function feedIdentity({ ledger }: Pick<App, 'ledger'>): Promise<FeedIdentity | undefined> {
  const [id, since] = (await ledger.fact(FEED))?.split(' ') ?? [];
  return id === undefined || since === undefined ? undefined : { id, since };
}

/**
 * Begins the feed of a ledger. A copy from before it began, put back, gets the same id again: that of the file, or of the
 * ledger itself.
 */
export async function beginFeed(app: Pick<App, 'settings' | 'ledger' | 'now'>): Promise<FeedIdentity> {
  const { settings, ledger, now } = app;
  const id = idInFile(settings.feed.file) ?? idOfLedger(await ledger.fact('ledger')) ?? randomUUID();
  const identity = { id, since: new Date(now()).toISOString() };
  await ledger.noteFact(FEED, `${identity.id} ${identity.since}`);
  return identity;
}

/** The ledger's own mark is nobody else's business. */
function idOfLedger(mark: string | undefined): string | undefined {
  return mark === undefined ? undefined : nameUuid(mark, FEED);
}

/**
 * The feed as a document: what was told of events and arrived, or may have; a message that nobody has can still be taken
 * back. What the file has beside that stays: after a copy was put back, the ledger no longer knows all that was said.
 * @param self the address of this document; undefined: nobody has said
 */
export async function feedDocument(
  { settings, ledger, source }: Pick<App, 'settings' | 'ledger' | 'source'>,
  identity: FeedIdentity,
  self: string | undefined,
): Promise<string> {
  const { signals, dashboard, feed } = settings;
  const { publicUrl } = dashboard;
  const [only, ...others] = signals;
  const frame = {
    ...identity,
    title: only === undefined || others.length > 0 ? 'Breakout Bell' : `Breakout Bell: ${only.title}`,
    note: source.note,
    self,
    publicUrl,
  };
  const told = await ledger.arrived(KINDS_OF_EVENTS, MOST_ENTRIES);
  const kept: readonly FeedEntry[] = entriesInFile(feed.file, identity.id);
  return renderFeed(frame, [...told.map((message) => feedEntry(frame, message)), ...kept]);
}
