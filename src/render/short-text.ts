import type { Outgoing } from '../message/message.ts';
import { notesOf, openingOf } from './text.ts';

/** How a short text is made. */
export interface ShortView {
  /** How the service counts; by default in UTF-16 units. */
  readonly lengthOf?: (text: string) => number;
  /** False where the service shows the title by itself. */
  readonly withTitle?: boolean;
  /** True where the address of the page stands in the text, because the service leads there in no other way. */
  readonly withPage?: boolean;
  /** False where the evidence comes by itself. */
  readonly withEvidence?: boolean;
}

/**
 * The message as plain text of a limited length, without tables: opening, notes and id, then as many paragraphs of the
 * evidence as fit. The lead is cut, if anything is: the notes say how far to trust it, and the id is what people search
 * for. Where that is not enough, what follows and the notes are cut at their end.
 */
export function shortText(outgoing: Outgoing, limit: number, view: ShortView = {}): string {
  const { lengthOf = (text: string) => text.length, withTitle = true, withPage = false, withEvidence = true } = view;
  const { message, page } = outgoing;
  const end = [
    ...(withPage && page !== undefined ? [`On the page: ${page}`] : []),
    ...(message.refersTo === null ? [] : [`About: ${message.refersTo}`]),
    `Id: ${message.id}`,
  ].join('\n');
  const notes = notesOf(outgoing).map((note) => `Note: ${note}`);
  const title = withTitle ? [message.title] : [];
  const join = (opening: readonly string[], evidence: readonly string[] = []) =>
    [...title, ...opening, ...notes, ...evidence, end].join('\n\n');
  const [lead = '', ...gist] = openingOf(message);
  if (lengthOf(join(['…', ...gist])) > limit) {
    const all = [...title, ...gist, ...notes].join('\n\n');
    return cutWithin(all, (text) => `${text}\n\n${end}`, limit, lengthOf);
  }
  if (lengthOf(join([lead, ...gist])) > limit) {
    return cutWithin(lead, (text) => join([text, ...gist]), limit, lengthOf);
  }
  const kept: string[] = [];
  const paragraphs = withEvidence ? message.sections.flatMap((section) => section.paragraphs) : [];
  for (const paragraph of paragraphs) {
    if (lengthOf(join([lead, ...gist], [...kept, paragraph])) > limit) break;
    kept.push(paragraph);
  }
  return join([lead, ...gist], kept);
}

/** The longest beginning of a text with which the whole fits. */
function cutWithin(
  text: string,
  whole: (text: string) => string,
  limit: number,
  lengthOf: (text: string) => number,
): string {
  const letters = [...text];
  let [low, high] = [0, letters.length];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (lengthOf(whole(`${letters.slice(0, middle).join('')}…`)) <= limit) low = middle;
    else high = middle - 1;
  }
  return whole(`${letters.slice(0, low).join('')}…`);
}
