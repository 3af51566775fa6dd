import { count } from '../message/format.ts';
import type { Outgoing, Section } from '../message/message.ts';
import { shortText } from './short-text.ts';
import { notesOf, openingOf, operatorSection } from './text.ts';
import { alignTable, essential } from './text-table.ts';

/** A text with what is bold in it, or in letters of one width. */
export interface TelegramText {
  readonly text: string;
  readonly entities: readonly TelegramEntity[];
}

/** Offset and length in UTF-16 units. Source: core.telegram.org/bots/api, "MessageEntity". */
interface TelegramEntity {
  readonly type: 'bold' | 'pre';
  readonly offset: number;
  readonly length: number;
}

/** A piece of a text. */
type Piece = string | { readonly type: TelegramEntity['type']; readonly text: string };

// In UTF-16 units, once what is bold is no sign any more. Source: core.telegram.org/bots/api, sendPhoto (`caption`) and
// sendMessage (`text`).
export const CAPTION = 1024;
export const TEXT = 4096;

/**
 * What happened, what followed, how far to trust it, notes, the way to the page, and the id.
 * @param limit of its length; the lead is cut where it is longer
 */
export function telegramGist(outgoing: Outgoing, limit: number): TelegramText {
  const view = { lengthOf: (text: string) => unnamed(text).length, withPage: true, withEvidence: false };
  const text = unnamed(shortText(outgoing, limit, view));
  const title = unnamed(outgoing.message.title);
  return { text, entities: [{ type: 'bold', offset: 0, length: Math.min(title.length, text.length) }] };
}

/**
 * The evidence, each section with its heading and its table; undefined where a message has none. Sections that do not fit
 * are named at the end.
 */
export function telegramEvidence(outgoing: Outgoing): TelegramText | undefined {
  const { message } = outgoing;
  const sections = [...message.sections, ...operatorSection(outgoing)];
  if (sections.length === 0) return undefined;
  const end = ['\n\n', [...message.footer, `Evidence of ${message.id}`].join('\n')];
  for (let kept = sections.length; kept > 0; kept--) {
    const left = sections.slice(kept).map(({ heading }) => heading);
    const more = left.length === 0 ? [] : [`\n\nNot shown here for length: ${left.join('; ')}.`];
    const whole = built([...sections.slice(0, kept).flatMap(piecesOf), ...more, ...end]);
    if (whole.text.length <= TEXT) return whole;
  }
  return fewerRows(sections[0], end);
}

/** A first section that is too long by itself, with as many rows of its table as there is room for. */
function fewerRows(section: Section | undefined, end: readonly string[]): TelegramText | undefined {
  if (section?.table == null) return undefined;
  const { table } = section;
  for (let kept = table.rows.length - 1; kept > 0; kept--) {
    const rows = table.rows.slice(0, kept);
    const more = `\nand ${count(table.rows.length - kept)} more`;
    const whole = built([...piecesOf({ ...section, table: { ...table, rows } }, 0), more, ...end]);
    if (whole.text.length <= TEXT) return whole;
  }
  return undefined;
}

/** A whole message in one text; undefined where that is too long. */
export function telegramWhole(outgoing: Outgoing): TelegramText | undefined {
  const { message, page } = outgoing;
  const end = [
    ...message.footer,
    ...(page === undefined ? [] : [`On the page: ${page}`]),
    ...(message.refersTo === null ? [] : [`About: ${message.refersTo}`]),
    `Id: ${message.id}`,
  ];
  const whole = built([
    { type: 'bold', text: message.title },
    ...openingOf(message).map((text) => `\n\n${text}`),
    ...notesOf(outgoing).map((note) => `\n\nNote: ${note}`),
    ...[...message.sections, ...operatorSection(outgoing)].flatMap((section) => piecesOf(section, 1)),
    `\n\n${end.join('\n')}`,
  ]);
  return whole.text.length > TEXT ? undefined : whole;
}

function piecesOf({ heading, paragraphs, table }: Section, index: number): Piece[] {
  const rows = table === null ? [] : alignTable(essential(table));
  return [
    ...(index === 0 ? [] : ['\n\n']),
    { type: 'bold' as const, text: heading },
    ...paragraphs.map((paragraph) => `\n${paragraph}`),
    ...(rows.length === 0 ? [] : ['\n', { type: 'pre' as const, text: rows.join('\n') }]),
  ];
}

function built(pieces: readonly Piece[]): TelegramText {
  let text = '';
  const entities: TelegramEntity[] = [];
  for (const piece of pieces) {
    const part = unnamed(typeof piece === 'string' ? piece : piece.text);
    if (typeof piece !== 'string') entities.push({ type: piece.type, offset: text.length, length: part.length });
    text += part;
  }
  return { text, entities };
}

/**
 * Text in which nobody is named: Telegram makes a mention of every @name, and tells that person. A sign without a width
 * between them keeps the name readable.
 */
function unnamed(text: string): string {
  return text.replace(/(?<!\w)@(?=\w)/g, '@\u2060');
}
