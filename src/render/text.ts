import { commandLine } from '../message/command-line.ts';
import type { Message, Outgoing, Section } from '../message/message.ts';
import { alignTable } from './text-table.ts';
import { wrapWords } from './wrap-words.ts';

const WIDTH = 78;

/** What a reader is told when the message may have arrived before. */
const REPEAT_NOTE = 'This may be a repeat: it is not known whether an earlier attempt arrived.';

/** What a reader is told in place of the pictures. */
const LACKING_NOTE = {
  'not drawn': 'The pictures could not be drawn; the charts are on the page.',
  'not taken': 'The attachments were refused; the charts are on the page.',
} as const;
/** The same of a table of many events, which has no pictures. */
const LACKING_TABLE = 'The attachments were refused; the whole table is on the page.';
/** Where that page is. */
const LACKING_HINT = `The page with the charts: the daemon serves it, and so does ${commandLine('dashboard')}.`;

/** What a reader must know of a message before believing it, a sentence or two each. */
export function notesOf({ message, repeat, lacking }: Pick<Outgoing, 'message' | 'repeat' | 'lacking'>): string[] {
  return [
    ...(repeat ? [REPEAT_NOTE] : []),
    ...message.notes,
    ...(lacking === undefined ? [] : [message.tells === undefined ? LACKING_NOTE[lacking] : LACKING_TABLE]),
  ];
}

/** What every reader gets first, a paragraph each: what happened, what followed earlier, how far to trust it. */
export function openingOf({ lead, followed, doubt }: Pick<Message, 'lead' | 'followed' | 'doubt'>): string[] {
  return [lead, [followed ?? [], doubt ?? []].flat().join(' ')].filter((text) => text !== '');
}

/** What concerns only the operator, as a section for the end; none where there is nothing. */
export function operatorSection({
  message: { operator = [] },
  lacking,
}: Pick<Outgoing, 'message' | 'lacking'>): Section[] {
  const paragraphs = lacking === undefined ? operator : [...operator, LACKING_HINT];
  return paragraphs.length === 0 ? [] : [{ heading: 'For the operator', paragraphs, table: null }];
}

/** The message as plain text that stands alone, at most 78 columns wide but for tables. */
export function renderText(outgoing: Outgoing): string {
  const { message, page, seen } = outgoing;
  const blocks = [
    `${wrapText(message.title)}\n${'='.repeat(Math.min(WIDTH, message.title.length))}`,
    ...openingOf(message).map((text) => wrapText(text)),
    ...notesOf(outgoing).map((note) => wrapText(`Note: ${note}`)),
    ...message.sections.map(renderSection),
    // An address in one line stays a link.
    ...(page === undefined ? [] : [`On the page: ${page}`]),
    ...(seen === undefined ? [] : [`Mark as seen: ${seen}`]),
    ...operatorSection(outgoing).map(renderSection),
    [...message.footer.map((text) => wrapText(text)), `Id: ${message.id}`].join('\n'),
  ];
  return `${blocks.join('\n\n')}\n`;
}

function renderSection({ heading, paragraphs, table }: Section): string {
  const body = [...paragraphs.map((text) => wrapText(text)), ...(table === null ? [] : [alignTable(table).join('\n')])];
  return [`${heading}\n${'-'.repeat(heading.length)}`, body.join('\n\n')].join('\n');
}

/** A paragraph as it stands in the text of a message. */
export function wrapText(text: string): string {
  return wrapWords(text, WIDTH).join('\n');
}
