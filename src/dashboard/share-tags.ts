import { html } from 'hono/html';
import { SHARE_SIZE } from '../chart/share-picture.ts';
import type { Answer, Figure } from './answer.ts';
import type { Html } from './html.ts';
import { queryOf } from './page-address.ts';
import type { PageFacts } from './page-facts.ts';

/**
 * What a link to the page shows where it is posted. The picture needs an address that others can ask, so there is none
 * without PUBLIC_URL; its session stands in it, so that a service that keeps pictures asks anew after the next close.
 */
export function shareTags(facts: PageFacts, title: string, answer: Answer | undefined): Html {
  const text =
    answer === undefined
      ? 'Nothing has been read yet.'
      : [answer.headline, inWords(answer), facts.sourceNote ?? ''].join(' ').trim();
  return html`<meta name="description" content="${text}">
<meta property="og:type" content="website">
<meta property="og:site_name" content="Breakout Bell">
<meta property="og:title" content="${title}">
<meta property="og:description" content="${text}">
${facts.publicUrl === undefined || answer === undefined ? '' : picture(facts, facts.publicUrl, title)}`;
}

function inWords({ armed, record, followed }: Answer): string {
  const of = ({ value, note }: Figure) => `${value} ${note}`.trim();
  return `${of(armed)}. ${of(record)}. Higher a year later: ${followed.value} (${followed.note}).`;
}

function picture(facts: PageFacts, publicUrl: string, title: string): Html {
  const image = `${publicUrl}/share.png${queryOf(facts, facts.standing?.state.session)}`;
  return html`<meta property="og:url" content="${publicUrl}/${queryOf(facts)}">
<meta property="og:image" content="${image}">
<meta property="og:image:type" content="image/png">
<meta property="og:image:width" content="${SHARE_SIZE.width}">
<meta property="og:image:height" content="${SHARE_SIZE.height}">
<meta property="og:image:alt" content="${title}, with a chart of the index and its records">
<meta name="twitter:card" content="summary_large_image">
<meta name="twitter:title" content="${title}">
<meta name="twitter:image" content="${image}">`;
}
