import { randomUUID } from 'node:crypto';
import {
  closeSync,
  fchmodSync,
  fsyncSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { readRegularFile } from '../market/regular-file.ts';
import { type FeedEntry, readFeed } from '../render/feed.ts';

/** Whoever serves it may be anybody: it is written to be published. */
const FOR_EVERYBODY = 0o644;
const MOST_MB = 20;

/** The id of the feed in a file of ours; undefined where there is none. */
export function idInFile(path: string | undefined): string | undefined {
  return feedIn(path)?.id;
}

/** The entries in a file; none where it holds no feed, or another one. */
export function entriesInFile(path: string | undefined, id: string): readonly FeedEntry[] {
  const found = feedIn(path);
  return found?.id === id ? found.entries : [];
}

/**
 * Why a file may not be written: it holds something else. Null: it may.
 * @param id of the feed; undefined: it has not begun, and goes on with the one that is there
 */
export function whyNotOver(path: string, id: string | undefined): string | null {
  const text = textIn(path);
  if (text === undefined || text === '') return null;
  const found = readFeed(text);
  const cure = 'move it away, or set FEED_FILE to another path';
  if (found === undefined) return `${path} is not a feed of this program, so it is not overwritten; ${cure}`;
  if (id === undefined || found.id === id) return null;
  return `${path} is the feed of another ledger, so it is not overwritten; ${cure}`;
}

/**
 * Writes a feed where it differs from what is there: a reader, or a crash, never sees half a file.
 * @param id of the feed
 * @throws {Error} saying why it cannot be written
 */
export function writeFeedFile(path: string, id: string, text: string): void {
  const other = whyNotOver(path, id);
  if (other !== null) throw new Error(other);
  if (textIn(path) === text) return;
  const stats = statSync(path, { throwIfNoEntry: false });
  // Where a link leads to it, the link stays.
  const place = stats === undefined ? path : realpathSync(path);
  const unfinished = `${place}.${process.pid}-${randomUUID().slice(0, 8)}.tmp`;
  try {
    const file = openSync(unfinished, 'w');
    try {
      fchmodSync(file, stats === undefined ? FOR_EVERYBODY : stats.mode & 0o777);
      // All of it: a single write on a disk that fills up may end early, and say so by a number only.
      writeFileSync(file, text);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(unfinished, place);
  } catch (error) {
    rmSync(unfinished, { force: true });
    const folder = dirname(place);
    const { code, message } = error as NodeJS.ErrnoException;
    const why = code === 'ENOENT' ? `the folder ${folder} does not exist` : message;
    throw new Error(`${path} cannot be written: ${why}`, { cause: error });
  }
}

/** What cannot be read has no feed: writing it says why. */
function feedIn(path: string | undefined): ReturnType<typeof readFeed> {
  if (path === undefined) return undefined;
  try {
    return readFeed(textIn(path) ?? '');
  } catch {
    return undefined;
  }
}

/** @returns undefined: there is none. @throws {Error} where it cannot be read */
function textIn(path: string): string | undefined {
  try {
    return readRegularFile(path, MOST_MB).toString('utf8');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return undefined;
    throw new Error(`${path} ${code === undefined ? message : `cannot be read: ${message}`}`, { cause: error });
  }
}
