import { html, raw } from 'hono/html';
import { armedDays } from '../message/armed-days.ts';
import { withDividends } from '../message/dividends.ts';
import { againstWaiting, headline, horizonTable, trust } from '../message/evidence.ts';
import { plural } from '../message/format.ts';
import type { Table } from '../message/message.ts';
import type { Html } from './html.ts';
import { occasionsTable } from './occasions-table.ts';
import { queryOf } from './page-address.ts';
import type { PageFacts } from './page-facts.ts';
import type { Standing } from './standing.ts';
import { cell, dataTable } from './table.ts';

/** The chart of the index and its records. */
export function recordSection(facts: PageFacts): Html {
  const { quietYears } = facts.signal;
  return html`<section aria-labelledby="record-title">
<h2 id="record-title">${facts.labels.signal.title} and its records</h2>
${chart(facts, 'record')}
<p class="quiet">Logarithmic scale. Shaded: quiet periods (the time since the last record close) of over ${
    quietYears === 1 ? 'a year' : plural(quietYears, 'year')
  }. Dots: the record close that ended each. Zoom with the buttons, the slider, or Ctrl and the wheel.</p>
</section>`;
}

/** What followed: its chart, how far to trust it, and its tables. */
export function outcomesSection(facts: PageFacts, standing: Standing): Html {
  const { benchmarkName } = facts.labels;
  const { study, dividends } = standing;
  const year = headline(study);
  const { columns, rows } = narrowFirst(horizonTable(study));
  return html`<section aria-labelledby="outcomes-title">
<h2 id="outcomes-title">What the ${benchmarkName} did after such records</h2>
<fieldset class="horizons" hidden><legend>Months after</legend>
${Object.keys(study.horizons).map(
  (months) =>
    html`<label><input type="radio" name="months" value="${months}"${months === '12' ? raw(' checked') : ''}> ${months}</label> `,
)}</fieldset>
${chart(facts, 'outcomes')}
<p class="quiet">Every line starts at 100 on the day of the record. Bold: the median. Orange: lower at the end. Band: 90% of all days since ${study.span.from.slice(0, 4)}.</p>
<h3>How far to trust it</h3>
<p>${trust(year)}</p>
${[armedDays(benchmarkName, year) ?? [], ...againstWaiting(year)].flat().map((text) => html`<p>${text}</p>`)}
${dividends?.n !== year.n ? '' : html`<p>${withDividends(benchmarkName, dividends)}</p>`}
<h3>Compared with any day</h3>
${dataTable(
  'By horizon: the occasions beside any day of the same span',
  columns.map(({ title, align }) => ({ title, align })),
  rows.map((row) => row.map((text) => cell(text))),
)}
<p class="quiet">p: how likely chance alone is to do as well or better.</p>
<h3>Every occasion</h3>
${occasionsTable(facts, standing)}
<p class="quiet">Each date opens its alert: the one that was sent, or how it would have read.
<a href="/preview${queryOf({ ...facts, asOf: undefined })}">Preview the next alert</a></p>
</section>`;
}

/** The columns that a narrow display needs before the others: a hit rate has that of any day beside it also on a phone. */
function narrowFirst({ columns, rows }: Table): Table {
  const order = columns
    .map(({ essential }, at) => ({ essential, at }))
    .toSorted((a, b) => Number(b.essential) - Number(a.essential));
  const ordered = <T>(list: readonly T[]) => order.flatMap(({ at }) => list[at] ?? []);
  return { columns: ordered(columns), rows: rows.map(ordered) };
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
