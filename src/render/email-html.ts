import { WHAT_CHANGED } from '../message/correction.ts';
import type { Highlight, Message, MessageKind, Outgoing } from '../message/message.ts';
import { pictureHtml, type SourceOf, sourceInMail } from './email-picture.ts';
import { HIDDEN, LINE, sectionsHtml, words } from './email-section.ts';
import { EMAIL_STYLES } from './email-styles.ts';
import { escapeHtml } from './escape-html.ts';
import { notesOf, openingOf, operatorSection } from './text.ts';

const ACCENT: Record<MessageKind, string> = {
  alert: '#1a9c72',
  correction: '#8a5a00',
  retraction: '#9b1c1c',
  'follow-up': '#1a9c72',
  approaching: '#5f6368',
  reminder: '#1a9c72',
  digest: '#5f6368',
  warning: '#8a5a00',
  'all-clear': '#1a9c72',
  drill: '#3b5b92',
};

const FONT = "font-family:-apple-system,'Segoe UI',Helvetica,Arial,sans-serif";

/** Whose subject has told the news: what followed earlier comes next. */
const NEWS_IN_SUBJECT: readonly MessageKind[] = ['alert', 'follow-up'];

/**
 * The message as an HTML email: one column, tables and inline styles, so that programs that drop style sheets show it too.
 * @param source where a picture is; by default in the same mail
 * @param rows how many of a table of many events are shown; by default all
 */
export function renderHtml(
  outgoing: Outgoing,
  source: SourceOf = sourceInMail(outgoing.message),
  rows = Number.POSITIVE_INFINITY,
): string {
  const { message, pictures = [], page, site, seen } = outgoing;
  const changes = message.sections.filter(({ heading }) => heading === WHAT_CHANGED);
  const evidence = message.sections.filter((section) => !changes.includes(section));
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<title>${escapeHtml(message.title)}</title>
${EMAIL_STYLES}
</head>
<body style="margin:0;padding:0">
<div style="${HIDDEN}">${escapeHtml(preheader(message))}</div>
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="table-layout:fixed"><tr><td align="center" style="padding:16px 12px">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="table-layout:fixed;max-width:640px;text-align:left;${FONT};font-size:16px;line-height:1.5">
<tr><td style="border-top:4px solid ${ACCENT[message.kind]};padding-top:12px">
<h1 style="margin:0 0 12px;font-size:22px;line-height:1.25">${escapeHtml(message.title)}</h1>
${[
  ...highlights(message.highlights),
  `<p style="margin:0 0 14px">${words(openingOf(message).join(' '))}</p>`,
  ...notesOf(outgoing).map(note),
  ...sectionsHtml(changes, { rows, site }),
  ...pictures.map((picture) => pictureHtml(picture, source)),
  ...(seen === undefined ? [] : [seenButton(seen)]),
  ...sectionsHtml(evidence, { rows, site }),
  ...(page === undefined ? [] : [pageLine(page)]),
  `<div style="margin:20px 0 0;border-top:${LINE};font-size:14px">`,
  ...sectionsHtml(operatorSection(outgoing)),
  footer(message),
  '</div>',
].join('\n')}
</td></tr></table>
</td></tr></table>
</body>
</html>
`;
}

/** What mail programs show beside the subject. */
function preheader({ kind, lead, followed, doubt }: Message): string {
  const parts = NEWS_IN_SUBJECT.includes(kind) ? [followed, lead] : [lead, followed];
  return [...parts, doubt].filter((part) => part !== undefined).join(' ');
}

/** The figures side by side, each over its label. */
function highlights(figures: readonly Highlight[] = []): string[] {
  if (figures.length === 0) return [];
  const cells = figures.map(
    ({ value, label }) =>
      `<td width="${Math.floor(100 / figures.length)}%" valign="top" style="padding:8px 4px 10px 12px;background-color:rgba(127,127,127,0.12)">` +
      `<div class="figure" style="font-size:23px;line-height:1.25;font-weight:bold;white-space:nowrap">${escapeHtml(value)}</div>` +
      `<div style="font-size:13px;line-height:1.3">${escapeHtml(label)}</div></td>`,
  );
  return [
    `<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="table-layout:fixed;margin:0 0 14px"><tr>${cells.join('')}</tr></table>`,
  ];
}

function note(text: string): string {
  return `<p style="margin:0 0 14px;padding:8px 12px;border-left:4px solid #b7791f"><strong>Note:</strong> ${words(text)}</p>`;
}

function pageLine(address: string): string {
  // A mail program's own colour of links is too dark on a dark display.
  return `<p style="margin:20px 0 0"><a href="${escapeHtml(address)}" style="color:inherit">See it on the page</a></p>`;
}

/** A button that leads to the page where this reader marks the message. Its border and text follow a dark display. */
function seenButton(address: string): string {
  return `<p style="margin:20px 0"><a href="${escapeHtml(address)}" style="display:inline-block;padding:10px 22px;border:2px solid #1a9c72;border-radius:8px;color:inherit;font-weight:bold;text-decoration:none">Mark as seen</a></p>`;
}

function footer({ footer: lines, id }: Message): string {
  const text = [...lines, `Id: ${id}`].map(words).join('<br>');
  return `<p style="margin:12px 0 0;font-size:12px;line-height:1.5;opacity:0.75">${text}</p>`;
}
