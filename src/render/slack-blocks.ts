import type { Outgoing, Section } from '../message/message.ts';
import { notesOf, openingOf, operatorSection } from './text.ts';
import { alignTable, essential } from './text-table.ts';

/** What an incoming webhook of Slack takes. */
export interface SlackPayload {
  /** Shown by notifications, and where blocks are not. */
  readonly text: string;
  readonly blocks: readonly object[];
}

// Source: docs.slack.dev, "Blocks": a header has 150 characters, a section's text 3,000, a message 50 blocks.
const HEADER = 150;
const TEXT = 3000;
const BLOCKS = 50;

/** The message in Slack's Block Kit. Nothing in it mentions anyone. */
export function renderSlack(outgoing: Outgoing): SlackPayload {
  const { message, page } = outgoing;
  const about = message.refersTo === null ? [] : [`About: ${message.refersTo}`];
  const blocks = [
    { type: 'header', text: { type: 'plain_text', text: cut(message.title, HEADER) } },
    ...openingOf(message).map((text) => words(escaped(text))),
    ...notesOf(outgoing).map((note) => words(`*Note:* ${escaped(note)}`)),
    ...(page === undefined ? [] : [words(`<${escaped(page).replaceAll('|', '%7C')}|On the page>`)]),
    ...[...message.sections, ...operatorSection(outgoing)].flatMap(sectionBlocks),
  ].slice(0, BLOCKS - 1);
  const end = [...message.footer, ...about, `Id: ${message.id}`].map(escaped).join('\n');
  return {
    text: cut(escaped([message.title, message.followed ?? []].flat().join(' · ')), TEXT),
    blocks: [...blocks, { type: 'context', elements: [{ type: 'mrkdwn', text: tail(end, TEXT), verbatim: true }] }],
  };
}

function sectionBlocks({ heading, paragraphs, table }: Section): object[] {
  const rows = table === null ? [] : alignTable(essential(table));
  return [
    words(`*${escaped(heading)}*\n${paragraphs.map(escaped).join('\n')}`),
    ...(rows.length === 0 ? [] : [words(fitting(rows))]),
  ];
}

/** As many rows as there is room for, in letters of one width. */
function fitting(rows: readonly string[]): string {
  for (let kept = rows.length; kept > 0; kept--) {
    const more = kept === rows.length ? '' : `\nand ${rows.length - kept} more`;
    const text = `\`\`\`${rows.slice(0, kept).map(escaped).join('\n').replaceAll('`', "'")}\`\`\`${more}`;
    if (text.length <= TEXT) return text;
  }
  return '–';
}

/** `verbatim`: no address and no name in it becomes a link or a mention. */
function words(text: string): object {
  return { type: 'section', text: { type: 'mrkdwn', text: cut(text, TEXT), verbatim: true } };
}

/** Source: docs.slack.dev, "Formatting text for app surfaces", "Escaping text". */
function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

function cut(text: string, limit: number): string {
  if (text.length <= limit) return text;
  // Not in the middle of an escaped sign, nor of a character beyond the basic plane.
  return `${text.slice(0, limit - 1).replace(/&[a-z]{0,3}$|[\uD800-\uDBFF]$/, '')}…`;
}

/** The end of a text: the id is what people search for. */
function tail(text: string, limit: number): string {
  return text.length <= limit ? text : text.slice(text.indexOf('\n', text.length - limit) + 1);
}
