import type { APIEmbed, RESTPostAPIWebhookWithTokenJSONBody } from 'discord.js';
import type { Message, MessageKind, Outgoing, Picture } from '../message/message.ts';
import { fieldsOf } from './discord-fields.ts';
import { cut, plain, plainContent } from './discord-text.ts';
import { EVENTS_CSV, eventsCsv } from './events-csv.ts';
import { notesOf, renderText } from './text.ts';

/** What is posted to Discord, as its API takes it. */
export type DiscordPayload = Pick<
  RESTPostAPIWebhookWithTokenJSONBody,
  'content' | 'embeds' | 'allowed_mentions' | 'attachments'
>;

/** How a message is shown. */
export interface DiscordView {
  /** The one role or user that is mentioned, `<@&123>` or `<@123>`. */
  readonly mention?: string | undefined;
  /** The address of the message that this one refers to. */
  readonly link?: string | undefined;
  /** Where the reader finds the evidence: behind buttons, in a file beside the message, or in the embed, which is long then. */
  readonly evidence?: 'buttons' | 'file' | 'embed' | undefined;
}

/** A file that goes with a payload. */
export interface DiscordFile {
  readonly name: string;
  readonly data: Buffer;
  readonly contentType: string;
  /** For readers who cannot see it. */
  readonly alt: string;
}

/** What fits the screen of a phone: about twelve lines before the pictures. Characters over all that is read. */
const BRIEF = 900;
// Our own shares of Discord's limits where the evidence is in the embed: description 4,096, footer 2,048, and 6,000
// characters over all. With every part full there are 5,860.
// Source: https://discord.com/developers/docs/resources/message#embed-object-embed-limits
const TITLE = 200;
const DESCRIPTION = 1400;
const FOOTER = 500;
/** How much of what the lead leaves room for the notes may take. */
const NOTES_SHARE = 0.7;
/** The characters between the four parts of a description. */
const GAPS = 6;
/** Discord's limit of the text for readers who cannot see a picture. */
const ALT = 1024;
/**
 * Discord's clients draw the pictures of embeds that have one address in one gallery, in the first of them. It leads
 * nowhere, as only a title is a link. Source: discord-api-docs#1418, where Discord's staff says so.
 */
const GALLERY = 'https://discord.com/';

const COLOR: Record<MessageKind, number> = {
  alert: 0x0b6e4f,
  correction: 0xb7791f,
  retraction: 0x9b1c1c,
  'follow-up': 0x0b6e4f,
  approaching: 0x5f6368,
  reminder: 0x0b6e4f,
  digest: 0x5f6368,
  warning: 0xb7791f,
  'all-clear': 0x0b6e4f,
  drill: 0x3b5b92,
};

/**
 * The message for Discord: its title as content, which push notifications show, and one embed that fits the screen of a
 * phone. A digest, and what has its evidence nowhere else, is longer.
 */
export function renderDiscord(outgoing: Outgoing, view: DiscordView = {}): DiscordPayload {
  const { message, pictures = [] } = outgoing;
  const { mention, link } = view;
  const title = plainContent(message.title, TITLE);
  const content = mention === undefined ? title : `${mention} ${title}`;
  const files = discordFiles(outgoing, view);
  return {
    content,
    // Discord parses mentions in a webhook's content only, but nothing else may ever ping anyone.
    allowed_mentions: allowedMentions(mention),
    embeds: withPictures(
      {
        ...(isBrief(message, view) ? brief(outgoing, link, BRIEF - content.length) : long(outgoing, link)),
        color: COLOR[message.kind],
        timestamp: message.createdAt,
      },
      pictures,
    ),
    ...(files.length === 0
      ? {}
      : { attachments: files.map(({ name, alt }, id) => ({ id: String(id), filename: name, description: alt })) }),
  };
}

/** The files that go with the payload, in the order of its attachments. */
export function discordFiles(outgoing: Outgoing, { evidence }: Pick<DiscordView, 'evidence'> = {}): DiscordFile[] {
  const { message, pictures = [] } = outgoing;
  const images = pictures.map((picture) => ({
    name: fileNameOf(picture),
    data: Buffer.from(picture.png),
    contentType: 'image/png',
    alt: cut(picture.alt, ALT),
  }));
  if (evidence !== 'file' || !hasEvidence(message)) return images;
  const text = {
    name: 'evidence.txt',
    data: Buffer.from(renderText(outgoing)),
    contentType: 'text/plain; charset=utf-8',
    alt: 'The whole message with its evidence, as text',
  };
  const csv = eventsCsv(outgoing);
  const rows =
    csv === undefined
      ? []
      : [
          {
            name: EVENTS_CSV,
            data: Buffer.from(csv),
            contentType: 'text/csv; charset=utf-8',
            alt: 'Every event, a row each',
          },
        ];
  return [...images, text, ...rows];
}

/** True for a message that says more than its embed has room for; what a retraction repeats, it refers to. */
function hasEvidence({ kind, sections, tells }: Pick<Message, 'kind' | 'sections' | 'tells'>): boolean {
  return kind !== 'digest' && (kind !== 'retraction' || tells !== undefined) && sections.length > 0;
}

function isBrief(message: Message, { evidence }: DiscordView): boolean {
  return message.kind !== 'digest' && (evidence !== 'embed' || !hasEvidence(message));
}

/** What happened, what followed, how far to trust it. */
function brief(outgoing: Outgoing, link: string | undefined, room: number): APIEmbed {
  const { id } = outgoing.message;
  return { description: description(outgoing, link, Math.max(0, room - id.length)), footer: { text: id } };
}

/** All sections too, and where the figures come from. */
function long(outgoing: Outgoing, link: string | undefined): APIEmbed {
  const { message } = outgoing;
  return {
    description: description(outgoing, link, DESCRIPTION),
    fields: fieldsOf(message.sections),
    footer: { text: footer(message) },
  };
}

/**
 * What happened, what followed with how far to trust it, notes, and the way to the message that this one refers to. The
 * lead is cut, if anything is, and then the notes: whoever reads a hit rate must read how far to trust it.
 */
function description(outgoing: Outgoing, link: string | undefined, limit: number): string {
  const { message, page } = outgoing;
  const { lead, followed = '', doubt = '' } = message;
  const gist = [withRate(plain(followed)), plain(doubt)].filter((text) => text !== '').join('\n');
  const ways = [
    ...(page === undefined ? [] : [`[On the page](${page})`]),
    ...(link === undefined ? [] : [`[The message this refers to](${link})`]),
  ];
  const way = ways.join(' · ');
  const notes = notesOf(outgoing).map((note) => `**Note:** ${plain(note)}`);
  const taken = gist.length + way.length + GAPS;
  const said = cut(notes.join('\n\n'), Math.max(0, Math.floor((limit - taken) * NOTES_SHARE)));
  const first = cut(plain(lead), Math.max(0, limit - taken - said.length));
  return [first, gist, said, way].filter((part) => part !== '').join('\n\n');
}

/** The hit rate in bold, never without that of any day. */
function withRate(followed: string): string {
  return followed.replace(/\d+ of \d+ \(any day: [^)]+\)/, '**$&**');
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

/** An embed has room for one picture: each other one is in an embed of its own, which is drawn with the first. */
function withPictures(embed: APIEmbed, pictures: readonly Picture[]): APIEmbed[] {
  const [first, ...others] = pictures.map((picture) => ({ image: { url: `attachment://${fileNameOf(picture)}` } }));
  if (first === undefined) return [embed];
  if (others.length === 0) return [{ ...embed, ...first }];
  return [{ ...embed, url: GALLERY, ...first }, ...others.map((other) => ({ url: GALLERY, ...other }))];
}

function fileNameOf({ name }: Picture): string {
  return `${name}.png`;
}

function allowedMentions(mention: string | undefined): NonNullable<DiscordPayload['allowed_mentions']> {
  const id = mention?.match(/\d+/)?.[0];
  if (mention === undefined || id === undefined) return { parse: [] };
  return mention.startsWith('<@&') ? { parse: [], roles: [id] } : { parse: [], users: [id] };
}
