import type { Section, Table } from '../message/message.ts';
import { escapeHtml } from './escape-html.ts';

/** Grey on white and on black. */
export const LINE = '1px solid #9aa0a6';
const CELL = `padding:3px 6px;font-size:13px;white-space:nowrap;border-bottom:${LINE}`;
/** Out of sight wherever it is not shown by a style sheet. Word, which draws Outlook's mails, knows its own word only. */
export const HIDDEN = 'display:none;mso-hide:all;max-height:0;overflow:hidden';
/** Where a narrow display leaves columns out. */
const TURN = `<p class="turn" style="${HIDDEN};margin:0 0 10px;font-size:12px">Turn the phone sideways for all columns.</p>`;

/** Sections one after the other; the first of them that a narrow display leaves columns out of says so. */
export function sectionsHtml(sections: readonly Section[]): string[] {
  const first = sections.find(({ table }) => table?.columns.some(({ essential }) => !essential));
  return sections.flatMap((section) => [sectionHtml(section), ...(section === first ? [TURN] : [])]);
}

function sectionHtml({ heading, paragraphs, table }: Section): string {
  return [
    `<h2 style="margin:20px 0 8px;font-size:17px;line-height:1.3">${escapeHtml(heading)}</h2>`,
    ...paragraphs.map((text) => `<p style="margin:0 0 10px">${words(text)}</p>`),
    ...(table === null ? [] : [tableHtml(table)]),
  ].join('\n');
}

function tableHtml({ columns, rows }: Table): string {
  const cell = (tag: string, text: string, column: number) => {
    const { align = 'left', essential = true } = columns[column] ?? {};
    return `<${tag}${essential ? '' : ' class="wide"'} align="${align}" style="${CELL}">${escapeHtml(text)}`;
  };
  const head = columns.map(({ title }, column) => `${cell('th scope="col"', title, column)}</th>`);
  const body = rows.map((row) => `<tr>${row.map((text, column) => `${cell('td', text, column)}</td>`).join('')}</tr>`);
  // Where style sheets are dropped, a narrow display scrolls.
  return `<div style="overflow-x:auto;margin:0 0 10px"><table cellpadding="0" cellspacing="0" border="0" style="border-collapse:collapse;font-variant-numeric:tabular-nums"><thead><tr>${head.join('')}</tr></thead><tbody>
${body.join('\n')}
</tbody></table></div>`;
}

/** A text as HTML. An option of a command is not broken at its hyphens. */
export function words(text: string): string {
  return escapeHtml(text).replace(/(?:-- )?--[\w-]+/g, '<span style="white-space:nowrap">$&</span>');
}
