import { html, raw } from 'hono/html';
import type { Html } from './html.ts';

/** What stands in a cell, and what the column is sorted by. */
export interface Cell {
  readonly content: Html | string;
  readonly key: string | number | undefined;
  readonly tone: string;
}

export interface Heading {
  readonly title: string;
  readonly align: 'left' | 'right';
  /** True where the reader can sort by it. */
  readonly sort?: boolean;
}

/** A cell. @param key what its column is sorted by @param tone a class of the style sheet */
export function cell(content: Html | string, key?: string | number, tone = ''): Cell {
  return { content, key, tone };
}

/** A table that is scrolled by itself where it is too wide. @param foot a last row that is never sorted away */
export function dataTable(
  caption: string,
  headings: readonly Heading[],
  rows: readonly (readonly Cell[])[],
  foot?: readonly Cell[],
): Html {
  const row = (cells: readonly Cell[]) =>
    html`<tr>${cells.map(({ content, key, tone }, column) => {
      const classes = [headings[column]?.align ?? 'left', tone].filter((name) => name !== '').join(' ');
      const sort = key === undefined ? '' : html` data-key="${key}"`;
      return column === 0
        ? html`<th scope="row" class="${classes}"${sort}>${content}</th>`
        : html`<td class="${classes}"${sort}>${content}</td>`;
    })}</tr>`;
  return html`<div class="scroll" role="region" aria-label="${caption}" tabindex="0"><table>
<caption>${caption}</caption>
<thead><tr>${headings.map(
    ({ title, align, sort }) =>
      html`<th scope="col" class="${align}"${sort === true ? raw(' data-sort') : ''}>${title}</th>`,
  )}</tr></thead>
<tbody>${rows.map(row)}</tbody>
${foot === undefined ? '' : html`<tfoot>${row(foot)}</tfoot>`}
</table></div>`;
}
