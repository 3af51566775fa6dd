import { count } from '../message/format.ts';
import type { Section, Table } from '../message/message.ts';
import { messageLink } from '../message/page-link.ts';
import { escapeHtml } from './escape-html.ts';
import { EVENTS_CSV } from './events-csv.ts';

/** Grey on white and on black. */
export const LINE = '1px solid #9aa0a6';
const CELL = `padding:3px 6px;font-size:13px;white-space:nowrap;border-bottom:${LINE}`;
/** Out of sight wherever it is not shown by a style sheet. Word, which draws Outlook's mails, knows its own word only. */
export const HIDDEN = 'display:none;mso-hide:all;max-height:0;overflow:hidden';
/** Where a narrow display leaves columns out. */
const TURN = `<p class="turn" style="${HIDDEN};margin:0 0 10px;font-size:12px">Turn the phone sideways for all columns.</p>`;

/** How a table is shown: mail programs cut off what is longer than about 100 kB, and the rest is in a file then. */
export interface TableView {
  readonly rows: number;
  /** The address of the page, for the rows. */
  readonly site: string | undefined;
}

/** As many rows as are shown where a file has the others. */
export const ROWS_IN_MAIL = 50;

/** Sections one after the other; the first of them that a narrow display leaves columns out of says so. */
export function sectionsHtml(
  sections: readonly Section[],
  view: TableView = { rows: Number.POSITIVE_INFINITY, site: undefined },
): string[] {
  const first = sections.find(({ table }) => table?.columns.some(({ essential }) => !essential));
  return sections.flatMap((section) => [sectionHtml(section, view), ...(section === first ? [TURN] : [])]);
}

function sectionHtml({ heading, paragraphs, table }: Section, view: TableView): string {
  return [
    `<h2 style="margin:20px 0 8px;font-size:17px;line-height:1.3">${escapeHtml(heading)}</h2>`,
    ...paragraphs.map((text) => `<p style="margin:0 0 10px">${words(text)}</p>`),
    ...(table === null ? [] : [tableHtml(table, view)]),
  ].join('\n');
}

function tableHtml({ columns, rows, ids }: Table, view: TableView): string {
  const cell = (tag: string, text: string, column: number) => {
    const { align = 'left', essential = true } = columns[column] ?? {};
    return `<${tag}${essential ? '' : ' class="wide"'} align="${align}" style="${CELL}">${text}`;
  };
  const head = columns.map(({ title }, column) => `${cell('th scope="col"', escapeHtml(title), column)}</th>`);
  const linked = (text: string, row: number, column: number) => {
    const id = column === 0 ? ids?.[row] : undefined;
    if (id === undefined || view.site === undefined) return escapeHtml(text);
    return `<a href="${escapeHtml(messageLink(view.site, id))}" style="color:inherit">${escapeHtml(text)}</a>`;
  };
  const body = rows
    .slice(0, view.rows)
    .map(
      (row, at) =>
        `<tr>${row.map((text, column) => `${cell('td', linked(text, at, column), column)}</td>`).join('')}</tr>`,
    );
  const left = rows.length - body.length;
  const more = left > 0 ? `\n<p style="margin:0 0 10px">And ${count(left)} more, in ${EVENTS_CSV}.</p>` : '';
  // Where style sheets are dropped, a narrow display scrolls.
  return `<div style="overflow-x:auto;margin:0 0 10px"><table cellpadding="0" cellspacing="0" border="0" style="border-collapse:collapse;font-variant-numeric:tabular-nums"><thead><tr>${head.join('')}</tr></thead><tbody>
${body.join('\n')}
</tbody></table></div>${more}`;
}

/** A text as HTML. An option of a command is not broken at its hyphens. */
export function words(text: string): string {
  return escapeHtml(text).replace(/(?:-- )?--[\w-]+/g, '<span style="white-space:nowrap">$&</span>');
}
