import { html, raw } from 'hono/html';
import type { Html } from './html.ts';
import { queryOf } from './page-address.ts';
import type { PageFacts } from './page-facts.ts';
import type { Standing } from './standing.ts';

/** The way to another signal, to another session, and back to the newest. */
export function asOfForm(facts: PageFacts, { state, before, after }: Standing): Html {
  const { signals, signal, asOf } = facts;
  return html`<form method="get" action="/" class="as-of">
${
  signals.length > 1
    ? html`<label>Signal <select name="signal">${signals.map(
        ({ id, title }) => html`<option value="${id}"${id === signal.id ? raw(' selected') : ''}>${title}</option>`,
      )}</select></label>`
    : ''
}
<label>As it stood on <input type="date" name="as-of" value="${state.session}" required></label>
<button>Show</button>
${before === undefined ? '' : html`<a href="/${queryOf(facts, before)}" rel="prev">previous session</a>`}
${after === undefined ? '' : html`<a href="/${queryOf(facts, after)}" rel="next">next session</a>`}
${asOf === undefined ? '' : html`<a href="/${queryOf({ ...facts, asOf: undefined })}">newest</a>`}
</form>`;
}
