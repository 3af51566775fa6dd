import { resolve } from 'node:path';
import { type Variables, webUrl } from '../channel/variables.ts';

/** Where the Atom feed goes beside the page, which always has it. */
export interface FeedSettings {
  /** The file that it is written to; undefined: none. */
  readonly file: string | undefined;
  /** The address at which its readers find it; undefined: nobody has said. */
  readonly url: string | undefined;
}

/** @param root the home folder: a relative path counts from it. @throws {SettingsError} */
export function readFeedSettings({ FEED_FILE, FEED_URL }: Variables, root: string): FeedSettings {
  return {
    file: FEED_FILE === undefined ? undefined : resolve(root, FEED_FILE),
    url: FEED_URL === undefined ? undefined : webUrl('FEED_URL', FEED_URL).href,
  };
}
