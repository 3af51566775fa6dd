import { constants } from 'node:fs';
import { access, realpath, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { whyNotOver } from '../app/feed-file.ts';
import type { Settings } from '../settings/settings.ts';

/**
 * Looks whether the file of the feed can be written, without writing it.
 * @returns one line
 * @throws {Error} saying what to do
 */
export async function testFeed({ feed: { file = '', url } }: Pick<Settings, 'feed'>): Promise<string> {
  const other = whyNotOver(file, undefined);
  if (other !== null) throw new Error(other);
  // A link is followed.
  const place = await realpath(file).catch(() => file);
  const folder = dirname(place);
  if (!(await stat(folder).catch(() => undefined))?.isDirectory()) {
    throw new Error(
      `${file} cannot be written: the folder ${folder} does not exist; make it, or set FEED_FILE to another path`,
    );
  }
  try {
    await access(folder, constants.W_OK);
  } catch (error) {
    const cure = 'let the user of the daemon write there, or set FEED_FILE to another path';
    throw new Error(`${file} cannot be written: ${(error as Error).message}; ${cure}`, { cause: error });
  }
  const where =
    url === undefined ? '; set FEED_URL to the address at which readers find it' : `, for readers of ${url}`;
  return `written to ${file}${where}`;
}
