import { words } from '../../render/email-section.ts';
import { escapeHtml } from '../../render/escape-html.ts';
import { wrapText } from '../../render/text.ts';
import { howToStop } from './unsubscribe.ts';

/**
 * Where a mail has words for one recipient only, by the mark that stands there while it is rendered for all: characters that
 * Unicode keeps out of every text (noncharacters, The Unicode Standard, section 23.7).
 */
export const PLACES = { stop: '\uFDD0', seen: '\uFDD1' } as const;

/** What stands at one of these places, as text and as HTML. */
interface OwnWords {
  readonly text: string;
  readonly html: string;
}

/** What stands at each of these places for one recipient, by its mark. */
export type AllOwnWords = ReadonlyMap<string, OwnWords>;

/**
 * @param link where this recipient unsubscribes
 * @param seen where this recipient marks the message as seen; undefined: nowhere
 */
export function ownWords(recipient: string, link: string, seen?: string): AllOwnWords {
  const stop = howToStop(link, recipient);
  return new Map([
    [PLACES.stop, { text: wrapText(stop), html: words(stop) }],
    ...(seen === undefined ? [] : [[PLACES.seen, { text: seen, html: escapeHtml(seen) }] as const]),
  ]);
}

/** A text in pieces: marks and what stands between them, in their order. */
export function piecesOf(rendered: string): string[] {
  return rendered.split(/([\uFDD0-\uFDEF])/);
}
