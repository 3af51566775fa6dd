import type { Message, Outgoing, Picture } from '../../message/message.ts';
import { renderHtml } from '../../render/email-html.ts';
import { contentId, type PictureLook, pictureName } from '../../render/email-picture.ts';
import { ROWS_IN_MAIL } from '../../render/email-section.ts';
import { EVENTS_CSV, eventsCsv } from '../../render/events-csv.ts';
import { renderText } from '../../render/text.ts';
import { type AllOwnWords, PLACES, piecesOf } from './own-words.ts';
import { joinPieces, quotedPrintable } from './quoted-printable.ts';

/** The body of a mail, made once for all recipients but for the words that each has for himself. */
export interface Print {
  /** The header that names its parts. */
  readonly contentType: string;
  /** Up to the end of the HTML, for one recipient. Every character is a byte. */
  words(own: AllOwnWords): string;
  /** From there to the end: the pictures. No line of it begins with a dot, and every line ends as mail has it. */
  readonly pictures: Buffer;
}

/** What stands for text and HTML while the parts are put together; neither sign is one of base64. */
const TEXT = '@-text-@';
const HTML = '@-html-@';

/** What of a message makes another body of it. */
type Printed = { readonly [K in 'pictures' | 'repeat' | 'lacking' | 'page' | 'site']: Outgoing[K] } & {
  readonly hasSeen: boolean;
};

const FIELDS = ['pictures', 'repeat', 'lacking', 'page', 'site', 'hasSeen'] as const satisfies (keyof Printed)[];

/** Makes each body once, as long as somebody holds its message: a thousand recipients share it. */
export function printOnce(): (outgoing: Outgoing) => Promise<Print> {
  const known = new WeakMap<Message, (Printed & { readonly print: Promise<Print> })[]>();
  return (outgoing) => {
    const { message, pictures, repeat, lacking, page, site, seen } = outgoing;
    const printed = { pictures, repeat, lacking, page, site, hasSeen: seen !== undefined };
    const same = known.get(message) ?? [];
    known.set(message, same);
    const found = same.find((one) => FIELDS.every((field) => one[field] === printed[field]));
    if (found !== undefined) return found.print;
    const print = printBody(outgoing);
    same.push({ ...printed, print });
    return print;
  };
}

async function printBody(given: Outgoing): Promise<Print> {
  const { message, pictures = [] } = given;
  const outgoing = {
    ...given,
    message: { ...message, footer: [...message.footer, PLACES.stop] },
    ...(given.seen === undefined ? {} : { seen: PLACES.seen }),
  };
  // What was refused with its files goes without, and has the whole table then.
  const csv = given.lacking === 'not taken' ? undefined : eventsCsv(given);
  const { contentType, parts } = await putTogether([
    ...(csv === undefined ? [] : [csvFile(csv)]),
    ...pictures.flatMap(({ name, png, dark }) => [
      inline(message.id, name, 'light', png),
      ...(dark === undefined ? [] : [inline(message.id, name, 'dark', dark)]),
    ]),
  ]);
  const [beforeText, beforeHtml, rest] = parts;
  const text = encodedPieces(renderText(outgoing));
  const html = encodedPieces(renderHtml(outgoing, undefined, csv === undefined ? undefined : ROWS_IN_MAIL));
  return {
    contentType,
    words: (own) => [beforeText, filled(text, own, 'text'), beforeHtml, filled(html, own, 'html')].join(''),
    pictures: Buffer.from(rest, 'latin1'),
  };
}

/** The parts of a mail with these files, cut where text and HTML belong. */
async function putTogether(attachments: readonly ReturnType<typeof inline | typeof csvFile>[]) {
  const { default: MailComposer } = await import('nodemailer/lib/mail-composer');
  const part = (content: string) => ({ content, contentTransferEncoding: 'quoted-printable' as const });
  const composer = new MailComposer({ text: part(TEXT), html: part(HTML), attachments: [...attachments] });
  const whole = (await composer.compile().build()).toString('latin1').replace(/\r?\n/g, '\r\n');
  const end = whole.indexOf('\r\n\r\n');
  const [, contentType] = /^content-type: (.*(?:\r\n[ \t].*)*)/im.exec(whole.slice(0, end)) ?? [];
  const [beforeText, beforeHtml, rest, ...more] = whole.slice(end + 4).split(new RegExp(`${TEXT}|${HTML}`));
  if (contentType === undefined || beforeText === undefined || beforeHtml === undefined || rest === undefined) {
    throw new Error('its parts cannot be put together');
  }
  if (more.length > 0 || rest.includes('\r\n.')) throw new Error('its pictures cannot be put into it');
  return { contentType: contentType.replace(/\r\n/g, ''), parts: [beforeText, beforeHtml, rest] as const };
}

/** In quoted-printable, but for the marks. */
function encodedPieces(rendered: string): string[] {
  const marks: readonly string[] = Object.values(PLACES);
  return piecesOf(rendered).map((piece) => (marks.includes(piece) ? piece : quotedPrintable(piece)));
}

function filled(pieces: readonly string[], own: AllOwnWords, look: 'text' | 'html'): string {
  return joinPieces(
    pieces.map((piece) => {
      const words = own.get(piece)?.[look];
      return words === undefined ? piece : quotedPrintable(words);
    }),
  );
}

function inline(messageId: string, name: Picture['name'], look: PictureLook, png: Uint8Array) {
  return {
    filename: `${pictureName(name, look)}.png`,
    content: Buffer.from(png),
    contentType: 'image/png',
    contentDisposition: 'inline' as const,
    cid: contentId(messageId, name, look),
  };
}

function csvFile(csv: string) {
  // In base64 no line of it begins with a dot.
  const contentTransferEncoding = 'base64' as const;
  return { filename: EVENTS_CSV, content: csv, contentType: 'text/csv; charset=utf-8', contentTransferEncoding };
}
