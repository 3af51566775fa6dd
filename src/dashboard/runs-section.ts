import { html } from 'hono/html';
import type { RunResult } from '../store/runs.ts';
import type { Html } from './html.ts';
import { moment } from './moment.ts';
import type { OperationsFacts } from './page-facts.ts';

/** The newest runs and what came of them, a row each. */
export function runsSection({ ledger }: Pick<OperationsFacts, 'ledger'>): Html {
  return html`<section aria-labelledby="runs">
<h2 id="runs">Runs</h2>
${ledger.runs.length === 0 ? html`<p>None yet.</p>` : html`<ul class="rows runs">${ledger.runs.map(row)}</ul>`}
</section>`;
}

function row(run: RunResult): Html {
  return html`<li><span>${moment(run.startedAt)}</span> <span>${run.command}</span> <span class="quiet">${took(run)}</span>
<div>${outcome(run)}</div></li>`;
}

function took({ startedAt, endedAt }: RunResult): string {
  return endedAt === null ? '' : `${((Date.parse(endedAt) - Date.parse(startedAt)) / 1000).toFixed(1)} s`;
}

function outcome({ endedAt, fired, problems }: RunResult): Html {
  if (endedAt === null) return html`<span class="wait">has not ended: it is running, or its process died</span>`;
  if (fired.length + problems.length === 0) return html`<span class="quiet">nothing to report</span>`;
  return html`<ul class="plain">
${fired.map((event) => html`<li class="up">rang for ${event}</li>`)}
${problems.map((problem) => html`<li class="down">${problem}</li>`)}
</ul>`;
}
