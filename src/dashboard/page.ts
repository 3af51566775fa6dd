import { html, raw } from 'hono/html';
import { capital, date, instant, plural } from '../message/format.ts';
import { document, type Html } from './html.ts';
import { operations } from './operations.ts';
import { outcomesSection, recordSection } from './outcomes-section.ts';
import { overview } from './overview.ts';
import { queryOf } from './page-address.ts';
import type { PageFacts } from './page-facts.ts';
import { stateSection } from './state-section.ts';

/**
 * The whole page, complete without scripts: they add the charts that can be zoomed and the sorting.
 * @param modules the paths of the modules that the page runs, its entry first
 */
export function page(facts: PageFacts, importMap: string, modules: readonly string[]): Html {
  const { labels, standing } = facts;
  const title = standing === undefined ? labels.signal.title : `${labels.signal.title}: ${standing.state.state}`;
  return document(
    `${title} – Breakout Bell`,
    html`<a class="skip" href="#main">To the content</a>
${header(facts)}
<main id="main">
${
  standing === undefined
    ? nothingYet(facts)
    : html`${stateSection(facts, standing)}
${recordSection(facts)}
${outcomesSection(facts, standing)}`
}
${overview(facts)}
${operations(facts)}
</main>
${footer(facts)}`,
    head(facts, importMap, modules),
  );
}

/** The scripts, and what the page will ask for at once. */
function head(facts: PageFacts, importMap: string, modules: readonly string[]): Html {
  const [entry = '', ...others] = modules.map((path) => `/modules/${path}`);
  return html`<script type="importmap">${raw(importMap)}</script>
<link rel="modulepreload" href="/assets/echarts.mjs">
<link rel="preload" href="/api/charts${queryOf(facts)}" as="fetch" crossorigin>
${others.map((path) => html`<link rel="modulepreload" href="${path}">`)}
<script type="module" src="${entry}"></script>`;
}

function header({ health, watching }: PageFacts): Html {
  const { daemon, standbys, nextRun } = watching;
  const others = standbys.length === 0 ? '' : `, ${plural(standbys.length, 'daemon')} standing by`;
  const looked = health.evaluatedAt === null ? 'Never looked yet' : `Looked ${instant(Date.parse(health.evaluatedAt))}`;
  const next =
    daemon === null
      ? 'no daemon is running: npm run daemon'
      : `next look ${instant(Date.parse(nextRun))}, watching since ${instant(Date.parse(daemon.startedAt))}${others}`;
  return html`<header>
<h1>Breakout Bell</h1>
<p class="health ${health.ok ? 'good' : 'bad'}"><strong>${health.ok ? 'All is well' : 'Not well'}</strong>
${health.reasons.map((reason) => html`<span>${capital(reason)}.</span> `)}
${standbys.flatMap(({ host, differs }) =>
  differs === undefined
    ? []
    : [html`<span>The daemon on ${host} does not take over: its settings differ (${differs}).</span> `],
)}
<span class="quiet">${looked}; ${next}.</span></p>
</header>`;
}

function nothingYet({ labels, asOf }: PageFacts): Html {
  return html`<section>
<h2>${labels.signal.title}</h2>
<p>${
    asOf === undefined
      ? 'There are no closes yet. npm run check reads them.'
      : html`There is no close up to ${date(asOf)}. <a href="/">To the newest</a>`
  }</p>
</section>`;
}

function footer(facts: PageFacts): Html {
  const { withDividends, benchmarkName } = facts.labels;
  return html`<footer>
<p>The same as JSON: <a href="/api/status">status</a>, <a href="/api/study${queryOf(facts)}">study</a>, <a href="/api/charts${queryOf(facts)}">charts</a>,
<a href="/api/ledger">ledger</a>. For machines: <a href="/healthz">healthz</a>, <a href="/metrics">metrics</a>. This page changes nothing.</p>
<p>${withDividends ? `The ${benchmarkName} reinvests dividends.` : 'Price only, without dividends.'} Not investment advice.</p>
</footer>`;
}
