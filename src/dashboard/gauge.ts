import { html } from 'hono/html';
import type { Html } from './html.ts';

/** How far something is. */
export interface Gauge {
  readonly title: string;
  /** The words of the value: "967 sessions". */
  readonly text: string;
  /** From 0 to 1. */
  readonly value: number;
  /** A place that matters, from 0 to 1. */
  readonly mark: number | undefined;
  /** The words at both ends. */
  readonly from: string;
  readonly to: string;
}

const WIDTH = 400;
const HEIGHT = 14;

/** A bar with its words; no style attributes, which the page's policy refuses. */
export function gauge({ title, text, value, mark, from, to }: Gauge): Html {
  const x = (part: number) => (Math.min(1, Math.max(0, part)) * WIDTH).toFixed(1);
  return html`<div class="gauge">
<p><span>${title}</span> <strong>${text}</strong></p>
<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" preserveAspectRatio="none" role="img" aria-label="${title}: ${text}">
<rect class="track" width="${WIDTH}" height="${HEIGHT}" rx="7"/>
<rect class="value" width="${x(value)}" height="${HEIGHT}" rx="7"/>
${mark === undefined ? '' : html`<line class="mark" x1="${x(mark)}" x2="${x(mark)}" y1="0" y2="${HEIGHT}"/>`}
</svg>
<p class="quiet"><span>${from}</span> <span>${to}</span></p>
</div>`;
}
