import { html } from 'hono/html';
import type { HtmlEscapedString } from 'hono/utils/html';

/** A piece of HTML whose every text is escaped. */
export type Html = HtmlEscapedString | Promise<HtmlEscapedString>;

/** The frame of every page of the dashboard. */
export function document(title: string, body: Html, head: Html = html``): Html {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<link rel="icon" href="/assets/icon.svg">
<link rel="alternate" type="application/atom+xml" title="Breakout Bell: alerts and what followed" href="/feed.xml">
<link rel="stylesheet" href="/assets/page.css">
${head}
</head>
<body>
${body}
</body>
</html>`;
}
