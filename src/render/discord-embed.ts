import type { RESTPostAPIWebhookWithTokenJSONBody } from 'discord.js';
import type { Message, MessageKind, Outgoing, Picture, Section, Table } from '../message/message.ts';
import { notesOf, openingOf } from './text.ts';
import { alignTable, essential } from './text-table.ts';

/** What is posted to Discord, as its API takes it. */
export type DiscordPayload = Pick<
  RESTPostAPIWebhookWithTokenJSONBody,
  'content' | 'embeds' | 'allowed_mentions' | 'attachments'
>;

// Our own shares of Discord's limits: title 256, description 4,096, 25 fields of 256 + 1,024, footer 2,048, and 6,000
// characters over all. With every part full the embed has 5,860.
// Source: https://discord.com/developers/docs/resources/message#embed-object-embed-limits
const TITLE = 200;
const DESCRIPTION = 1400;
const FIELDS = 4;
const FIELD_NAME = 100;
const FIELD_VALUE = 840;
const FOOTER = 500;
/** Discord's limit of the text for who does not see a picture. */
const ALT = 1024;

const COLOR: Record<MessageKind, number> = {
  alert: 0x0b6e4f,
  correction: 0xb7791f,
  retraction: 0x9b1c1c,
  'follow-up': 0x0b6e4f,
  digest: 0x5f6368,
  warning: 0xb7791f,
  'all-clear': 0x0b6e4f,
  drill: 0x3b5b92,
};

/**
 * The message as one Discord embed that reads well on a phone: narrow tables, no line that must not wrap.
 * @param mention the one role or user that is mentioned, `<@&123>` or `<@123>`
 */
export function renderDiscord(outgoing: Outgoing, mention?: string, link?: string): DiscordPayload {
  const { message, pictures = [], page } = outgoing;
  const [first, ...others] = pictures;
  const notes = notesOf(outgoing).map((note) => `**Note:** ${plain(note)}`);
  const about = [
    ...(link === undefined ? [] : [`[The message this refers to](${link})`]),
    ...(page === undefined ? [] : [`[On the page](${page})`]),
  ];
  return {
    ...(mention === undefined ? {} : { content: mention }),
    // Discord parses mentions in a webhook's content only, but nothing else may ever ping anyone.
    allowed_mentions: allowedMentions(mention),
    embeds: [
      {
        title: cut(plain(message.title), TITLE),
        description: description(openingOf(message).map(plain).join('\n\n'), [...notes, ...about]),
        color: COLOR[message.kind],
        fields: message.sections.slice(0, FIELDS).map((section) => ({
          name: cut(plain(section.heading), FIELD_NAME),
          value: fieldValue(section),
        })),
        footer: { text: footer(message) },
        timestamp: message.createdAt,
        ...(first === undefined ? {} : { image: { url: attachmentUrl(first) } }),
      },
      // An embed has room for one picture.
      ...others.map((picture) => ({ color: COLOR[message.kind], image: { url: attachmentUrl(picture) } })),
    ],
    ...(pictures.length === 0
      ? {}
      : {
          attachments: pictures.map((picture, id) => ({
            id: String(id),
            filename: fileNameOf(picture),
            description: cut(picture.alt, ALT),
          })),
        }),
  };
}

/** The files that go with the payload, in the order of its attachments. */
export function discordFiles({ pictures = [] }: Outgoing): { name: string; data: Buffer; contentType: string }[] {
  return pictures.map((picture) => ({
    name: fileNameOf(picture),
    data: Buffer.from(picture.png),
    contentType: 'image/png',
  }));
}

function fileNameOf({ name }: Picture): string {
  return `${name}.png`;
}

function attachmentUrl(picture: Picture): string {
  return `attachment://${fileNameOf(picture)}`;
}

function allowedMentions(mention: string | undefined): NonNullable<DiscordPayload['allowed_mentions']> {
  const id = mention?.match(/\d+/)?.[0];
  if (mention === undefined || id === undefined) return { parse: [] };
  return mention.startsWith('<@&') ? { parse: [], roles: [id] } : { parse: [], users: [id] };
}

/** The lead is cut, if anything is: the notes say how far to trust it. */
function description(lead: string, notes: readonly string[]): string {
  const below = cut(notes.join('\n\n'), DESCRIPTION / 2);
  const room = DESCRIPTION - below.length - 2;
  return [cut(lead, room), below].filter((part) => part !== '').join('\n\n');
}

/** The text of a section first, then as many rows of its table as there is room for. */
function fieldValue({ paragraphs, table }: Section): string {
  const text = cut(paragraphs.map(plain).join('\n'), FIELD_VALUE);
  const rows = table === null ? '' : fittingTable(essential(table), FIELD_VALUE - text.length - 1);
  return [text, rows].filter((part) => part !== '').join('\n') || '–';
}

function fittingTable(table: Table, room: number): string {
  for (let kept = table.rows.length; kept > 0; kept--) {
    const left = table.rows.length - kept;
    const lines = alignTable({ ...table, rows: table.rows.slice(0, kept) });
    const more = left === 0 ? '' : `\nand ${left} more`;
    const block = `\`\`\`\n${lines.join('\n').replaceAll('`', "'")}\n\`\`\`${more}`;
    if (block.length <= room) return block;
  }
  return '';
}

/** The id always fits: it is what a person searches for. */
function footer({ id, footer: lines }: Message): string {
  const room = FOOTER - id.length - 1;
  return [cut(lines.join('\n'), Math.max(0, room)), id].filter((part) => part !== '').join('\n');
}

/** True for the footer of the message with this id: what a bot reads back. */
export function footerNames(footer: string, id: string): boolean {
  return footer.split('\n').at(-1) === id;
}

/** Text that Discord shows as it is: no formatting, no mention, no link, and nothing that turns its direction. */
function plain(text: string): string {
  return text
    .replace(/[\u202a-\u202e\u2066-\u2069]/g, '')
    .replace(/[\\*_~`|[<@]|^[#>-]/gm, (sign) => (sign === '@' ? '@\u200b' : `\\${sign}`));
}

/**
 * The same in at most `limit` characters, for what is posted without an embed: an address of the web would be a link there,
 * with a preview of what lies behind it.
 */
export function plainContent(text: string, limit: number): string {
  return cut(plain(text).replaceAll('://', '\\://'), limit);
}

function cut(text: string, limit: number): string {
  if (text.length <= limit) return text;
  // Not between the two halves of a character beyond the basic plane, nor behind a lone backslash.
  return `${text.slice(0, Math.max(0, limit - 1)).replace(/[\uD800-\uDBFF]$|\\$/, '')}…`.slice(0, Math.max(0, limit));
}
