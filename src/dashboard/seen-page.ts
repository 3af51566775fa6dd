import { createHash } from 'node:crypto';
import { html, raw } from 'hono/html';
import { secureHeaders } from 'hono/secure-headers';
import type { Html } from './html.ts';
import { EVERY_PAGE } from './response-headers.ts';

// The page behind a mail's link. All of it stands in its own address: whoever has no login reaches nothing else.

const STYLE = `:root{color-scheme:light dark}
body{margin:0;padding:12vh 20px 40px;font:18px/1.5 system-ui,sans-serif;color:#1f2328;background:#fff}
main{max-width:32rem;margin:0 auto}
.brand{margin:0 0 24px;font-size:15px;color:#59636e}
h1{margin:0 0 12px;font-size:26px;line-height:1.25}
p{margin:0 0 16px}
button{min-height:48px;padding:10px 28px;border:0;border-radius:8px;font:inherit;font-weight:bold;color:#fff;background:#0b6e4f;cursor:pointer}
button:hover{background:#095a41}
button:focus-visible{outline:3px solid #1a9c72;outline-offset:3px}
.noted{padding-left:14px;border-left:4px solid #1a9c72}
@media (prefers-color-scheme:dark){body{color:#e6edf3;background:#0d1117}.brand{color:#9198a1}}`;

/** Nothing may run, load or be asked; the one form leads back to the page. */
export function seenHeaders() {
  return secureHeaders({
    ...EVERY_PAGE,
    contentSecurityPolicy: {
      defaultSrc: ["'none'"],
      styleSrc: [`'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`],
      imgSrc: ['data:'],
      formAction: ["'self'"],
      baseUri: ["'none'"],
      frameAncestors: ["'none'"],
    },
  });
}

/** What a link leads to. @param noted when it was marked, as people read it; undefined: it is not yet */
export function seenPage({ title, sent }: { readonly title: string; readonly sent: string }, noted?: string): Html {
  return seenDocument(
    title,
    html`<p>Sent on ${sent}.</p>
${
  noted === undefined
    ? html`<form method="post"><button>Mark as seen</button></form>`
    : html`<p class="noted">Noted: seen on ${noted}. You can close this page.</p>`
}`,
  );
}

/** What is told where nothing can be marked. */
export function seenNotice(title: string, text: string): Html {
  return seenDocument(title, html`<p>${text}</p>`);
}

function seenDocument(title: string, body: Html): Html {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="robots" content="noindex">
<title>${title}</title>
<link rel="icon" href="data:,">
<style>${raw(STYLE)}</style>
</head>
<body>
<main>
<p class="brand">Breakout Bell</p>
<h1>${title}</h1>
${body}
</main>
</body>
</html>`;
}
