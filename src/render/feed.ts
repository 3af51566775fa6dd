import type { Message } from '../message/message.ts';
import { pageLink } from '../message/page-link.ts';
import { escapeHtml } from './escape-html.ts';
import { feedContent } from './feed-content.ts';
import { nameUuid } from './name-uuid.ts';
import { openingOf } from './text.ts';

// Atom, RFC 4287. A feed is written by a program and read by many: its ids are never changed.

/** Which feed it is: made once, and kept in the ledger. */
export interface FeedIdentity {
  /** A UUID: the feed's own id, and what those of its entries are made of. */
  readonly id: string;
  /** ISO instant of the beginning: what an empty feed was last updated at. */
  readonly since: string;
}

/** What stands around the entries. */
export interface FeedFrame extends FeedIdentity {
  readonly title: string;
  /** Said of every entry; undefined: nothing is. */
  readonly note: string | undefined;
  /** Where the feed itself is read; undefined where nobody has said. */
  readonly self: string | undefined;
  /** The address under which readers reach the page, without a slash at its end; undefined where nobody has said. */
  readonly publicUrl: string | undefined;
}

/** An entry as it is written. */
export interface FeedEntry {
  readonly id: string;
  /** ISO instant. */
  readonly updated: string;
  readonly xml: string;
}

/** A year of a long watch list; with a few signals nothing ever falls out. */
export const MOST_ENTRIES = 200;

/** How many characters of an entry's title are printed. */
const LONGEST_TITLE = 300;

/** The feed as a document: the newest entries first, each id once. */
export function renderFeed(frame: FeedFrame, entries: readonly FeedEntry[]): string {
  const { id, since, title, note, self, publicUrl } = frame;
  const shown = [...new Map(entries.toReversed().map((entry) => [entry.id, entry])).values()]
    .toReversed()
    .sort((a, b) => (a.updated < b.updated ? 1 : a.updated > b.updated ? -1 : 0))
    .slice(0, MOST_ENTRIES);
  return [
    '<?xml version="1.0" encoding="utf-8"?>',
    '<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en">',
    idElement(id),
    element('title', title),
    ...(note === undefined ? [] : [element('subtitle', note)]),
    element('updated', shown[0]?.updated ?? since),
    author(publicUrl),
    element('generator', 'Breakout Bell'),
    ...(self === undefined ? [] : [`<link rel="self" type="application/atom+xml" href="${xmlText(self)}"/>`]),
    ...(publicUrl === undefined ? [] : [alternate(`${publicUrl}/`)]),
    ...shown.map(({ xml }) => xml),
    '</feed>',
    '',
  ].join('\n');
}

/** A message as an entry. Its id hangs on the feed and the message alone: no setting, restart or copy changes it. */
export function feedEntry({ id: feed, publicUrl }: Pick<FeedFrame, 'id' | 'publicUrl'>, message: Message): FeedEntry {
  const { createdAt } = message;
  const id = nameUuid(feed, message.id);
  const xml = [
    '<entry>',
    idElement(id),
    element('title', [...message.title].slice(0, LONGEST_TITLE).join('')),
    element('published', createdAt),
    element('updated', createdAt),
    `<category term="${xmlText(message.kind)}"/>`,
    ...(publicUrl === undefined ? [] : [alternate(pageLink(publicUrl, message))]),
    element('summary', openingOf(message).join(' ')),
    `<content type="html">${xmlText(feedContent(message))}</content>`,
    '</entry>',
  ].join('\n');
  return { id, updated: createdAt, xml };
}

/** What a document of ours holds; undefined where it is none. */
export function readFeed(text: string): { readonly id: string; readonly entries: readonly FeedEntry[] } | undefined {
  const [, id] = /^<\?xml [^>]*\?>\n<feed [^>]*>\n<id>urn:uuid:([\da-f-]{36})<\/id>\n/.exec(text) ?? [];
  if (id === undefined || !text.includes('<generator>Breakout Bell</generator>')) return undefined;
  // In texts every < is escaped, so that each of these is an element.
  const entries = [...text.matchAll(/^<entry>\n[\s\S]*?^<\/entry>$/gm)].flatMap(([xml]) => {
    const [, own] = /^<id>urn:uuid:([\da-f-]{36})<\/id>$/m.exec(xml) ?? [];
    const [, updated] = /^<updated>([^<]+)<\/updated>$/m.exec(xml) ?? [];
    return own === undefined || updated === undefined ? [] : [{ id: own, updated, xml }];
  });
  return { id, entries };
}

function idElement(uuid: string): string {
  return element('id', `urn:uuid:${uuid}`);
}

function author(publicUrl: string | undefined): string {
  const uri = publicUrl === undefined ? '' : element('uri', `${publicUrl}/`);
  return `<author>${element('name', 'Breakout Bell')}${uri}</author>`;
}

function alternate(address: string): string {
  return `<link rel="alternate" type="text/html" href="${xmlText(address)}"/>`;
}

function element(name: string, text: string): string {
  return `<${name}>${xmlText(text)}</${name}>`;
}

/** A text as XML shows it. Characters that XML 1.0 forbids, escaped or not, are replaced: one of them, and no reader takes the feed. */
function xmlText(text: string): string {
  return escapeHtml(text).replace(FORBIDDEN, '\ufffd');
}

/** Source: https://www.w3.org/TR/xml/#charsets; half a pair of surrogates is none of these. */
const FORBIDDEN = /[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu;
