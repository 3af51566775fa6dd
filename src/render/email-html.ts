import type { Message, MessageKind, Outgoing, Picture, Section, Table } from '../message/message.ts';
import { notesOf, openingOf, operatorSection } from './text.ts';
import { essentialFirst } from './text-table.ts';

const ACCENT: Record<MessageKind, string> = {
  alert: '#1a9c72',
  correction: '#8a5a00',
  retraction: '#9b1c1c',
  'follow-up': '#1a9c72',
  digest: '#5f6368',
  warning: '#8a5a00',
  'all-clear': '#1a9c72',
  drill: '#3b5b92',
};

const FONT = "font-family:-apple-system,'Segoe UI',Helvetica,Arial,sans-serif";
const CELL = 'padding:3px 6px;font-size:13px;white-space:nowrap;border-bottom:1px solid #9aa0a6';
/** Hidden from view; mail programs show it beside the subject. */
const PREHEADER = 'display:none;max-height:0;overflow:hidden';

/**
 * The message as an HTML email: one column, tables and inline styles only, so that programs that drop styles show it.
 * @param source where a picture is; by default in the same mail, by `cid:`
 */
export function renderHtml(outgoing: Outgoing, source: (picture: Picture) => string = cidOf): string {
  const { message, pictures = [] } = outgoing;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<title>${escapeHtml(message.title)}</title>
</head>
<body style="margin:0;padding:0">
<div style="${PREHEADER}">${escapeHtml(openingOf(message).join(' '))}</div>
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="table-layout:fixed"><tr><td align="center" style="padding:16px 12px">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="table-layout:fixed;max-width:640px;text-align:left;${FONT};font-size:16px;line-height:1.5">
<tr><td style="border-top:4px solid ${ACCENT[message.kind]};padding-top:12px">
<h1 style="margin:0 0 12px;font-size:22px;line-height:1.25">${escapeHtml(message.title)}</h1>
${openingOf(message)
  .map((text) => `<p style="margin:0 0 12px">${escapeHtml(text)}</p>`)
  .join('\n')}
${notesOf(outgoing).map(note).join('\n')}
${pictures.map((picture) => image(picture, source(picture))).join('\n')}
${[...message.sections, ...operatorSection(message)].map(section).join('\n')}
${footer(message)}
</td></tr></table>
</td></tr></table>
</body>
</html>
`;
}

/** Where an email has its picture: in the same mail. */
function cidOf({ name }: Picture): string {
  return `cid:${name}`;
}

function image({ alt }: Picture, source: string): string {
  return `<p style="margin:0 0 12px"><img src="${escapeHtml(source)}" alt="${escapeHtml(alt)}" width="640" style="display:block;width:100%;max-width:640px;height:auto;border:0;border-radius:4px"></p>`;
}

function note(text: string): string {
  return `<p style="margin:0 0 12px;padding:8px 12px;border-left:4px solid #b7791f"><strong>Note:</strong> ${escapeHtml(text)}</p>`;
}

function section({ heading, paragraphs, table }: Section): string {
  return [
    `<h2 style="margin:20px 0 8px;font-size:17px;line-height:1.3">${escapeHtml(heading)}</h2>`,
    ...paragraphs.map((text) => `<p style="margin:0 0 10px">${escapeHtml(text)}</p>`),
    ...(table === null ? [] : [htmlTable(table)]),
  ].join('\n');
}

function htmlTable(table: Table): string {
  // On a phone the first columns are seen, and the others scrolled to.
  const { columns, rows } = essentialFirst(table);
  const head = columns.map(
    ({ title, align }) => `<th scope="col" align="${align}" style="${CELL}">${escapeHtml(title)}</th>`,
  );
  const body = rows.map((row) => {
    const cells = row.map(
      (text, column) => `<td align="${columns[column]?.align ?? 'left'}" style="${CELL}">${escapeHtml(text)}</td>`,
    );
    return `<tr>${cells.join('')}</tr>`;
  });
  return `<div style="overflow-x:auto;margin:0 0 10px"><table cellpadding="0" cellspacing="0" border="0" style="border-collapse:collapse;font-variant-numeric:tabular-nums"><thead><tr>${head.join('')}</tr></thead><tbody>
${body.join('\n')}
</tbody></table></div>`;
}

function footer({ footer: lines, id }: Message): string {
  const text = [...lines, `Id: ${id}`].map(escapeHtml).join('<br>');
  return `<p style="margin:20px 0 0;font-size:12px;line-height:1.5;opacity:0.75">${text}</p>`;
}

function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}
