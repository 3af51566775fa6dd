import { html, raw } from 'hono/html';
import { headline, hitRate, horizonTable, trust } from '../message/evidence.ts';
import { capital } from '../message/format.ts';
import type { Html } from './html.ts';
import { occasionsTable } from './occasions-table.ts';
import { queryOf } from './page-address.ts';
import type { PageFacts, Standing } from './page-facts.ts';
import { cell, dataTable } from './table.ts';

/** The chart of the index and its records. */
export function recordSection(facts: PageFacts): Html {
  return html`<section aria-labelledby="record-title">
<h2 id="record-title">${facts.labels.signal.title} and its records</h2>
<p class="quiet">Logarithmic. Shaded: quiet periods of over a year. Dots: the record close that ended each. Ctrl and wheel, the slider or the buttons zoom.</p>
${chart(facts, 'record')}
</section>`;
}

/** What followed: its headline, its chart, and its tables. */
export function outcomesSection(facts: PageFacts, standing: Standing): Html {
  const { benchmarkName } = facts.labels;
  const { study } = standing;
  const year = headline(study);
  const { columns, rows } = horizonTable(study);
  return html`<section aria-labelledby="outcomes-title">
<h2 id="outcomes-title">What the ${benchmarkName} did after</h2>
<p class="lead">${capital(hitRate(benchmarkName, year))}.</p>
<p>${trust(year)}</p>
<fieldset class="horizons" hidden><legend>Months after the event</legend>
${Object.keys(study.horizons).map(
  (months) =>
    html`<label><input type="radio" name="months" value="${months}"${months === '12' ? raw(' checked') : ''}> ${months}</label> `,
)}</fieldset>
${chart(facts, 'outcomes')}
<p class="quiet">The event is 100. Bold: the median. Band: 90% of all days since ${study.span.from.slice(0, 4)}. Orange: lower than at the event.</p>
<h3>Compared with any day</h3>
${dataTable(
  'By horizon: the occasions beside any day of the same span',
  columns.map(({ title, align }) => ({ title, align })),
  rows.map((row) => row.map((text) => cell(text))),
)}
<h3>Every occasion</h3>
${occasionsTable(facts, standing)}
<p class="quiet">Each date opens its message as it was sent, or the alert as it would have read.
<a href="/preview${queryOf({ ...facts, asOf: undefined })}">What would the next alert look like?</a></p>
</section>`;
}

/** Room for a chart; without scripts its picture. */
function chart(facts: PageFacts, name: 'record' | 'outcomes'): Html {
  const {
    signal: { title },
    benchmarkName,
  } = facts.labels;
  const alt =
    name === 'record' ? `Chart of the ${title} and its records` : `Chart of the ${benchmarkName} after each occasion`;
  return html`<figure>
<div class="chart" id="${name}" hidden></div>
<p class="readout" id="${name}-readout" aria-live="polite"></p>
<noscript><img src="/pictures/${name}.png${queryOf(facts)}" alt="${alt}" width="800" height="450"></noscript>
</figure>`;
}
