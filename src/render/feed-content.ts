import type { Message, Section, Table } from '../message/message.ts';
import { words } from './email-section.ts';
import { escapeHtml } from './escape-html.ts';
import { notesOf, openingOf } from './text.ts';

/**
 * A message as the HTML of a feed's entry: plain elements, as readers drop styles. What concerns only the operator is left
 * out, and so is what a single delivery says: everybody reads the same.
 */
export function feedContent(message: Message): string {
  return [
    ...openingOf(message).map((text) => `<p>${words(text)}</p>`),
    ...notesOf({ message, repeat: false }).map((note) => `<p><strong>Note:</strong> ${words(note)}</p>`),
    ...message.sections.map(sectionHtml),
    `<p><small>${[...message.footer, `Id: ${message.id}`].map(words).join('<br>')}</small></p>`,
  ].join('\n');
}

function sectionHtml({ heading, paragraphs, table }: Section): string {
  return [
    `<h3>${escapeHtml(heading)}</h3>`,
    ...paragraphs.map((text) => `<p>${words(text)}</p>`),
    ...(table === null ? [] : [tableHtml(table)]),
  ].join('\n');
}

function tableHtml({ columns, rows }: Table): string {
  const cell = (tag: string, text: string, column: number) => {
    const { align = 'left' } = columns[column] ?? {};
    // Readers set headings in the middle.
    return `<${tag}${align === 'right' || tag === 'th' ? ` align="${align}"` : ''}>${escapeHtml(text)}</${tag}>`;
  };
  const cells = (tag: string, texts: readonly string[]) =>
    `<tr>${texts.map((text, column) => cell(tag, text, column)).join('')}</tr>`;
  const head = cells(
    'th',
    columns.map(({ title }) => title),
  );
  return `<table><thead>${head}</thead><tbody>\n${rows.map((row) => cells('td', row)).join('\n')}\n</tbody></table>`;
}
