import { html, raw } from 'hono/html';
import { date } from '../message/format.ts';
import { type Answer, answerOf, inOneLine } from './answer.ts';
import { answerSection } from './answer-section.ts';
import { framed } from './frame.ts';
import type { Html } from './html.ts';
import { outcomesSection, recordSection } from './outcomes-section.ts';
import { overview } from './overview.ts';
import { queryOf } from './page-address.ts';
import type { PageFacts } from './page-facts.ts';
import { setupSection } from './setup-section.ts';
import { shareTags } from './share-tags.ts';

/**
 * The page of a signal, complete without scripts: they add the charts that can be zoomed and the sorting.
 * @param modules the paths of the modules that the page runs, its entry first
 */
export function page(facts: PageFacts, importMap: string, modules: readonly string[]): Html {
  const { labels, standing } = facts;
  const answer = standing && answerOf(labels, standing);
  const title = standing === undefined ? labels.signal.title : inOneLine(labels, standing);
  return framed(
    { here: '/', title, head: head(facts, title, answer, { importMap, modules }), health: facts },
    html`${
      standing === undefined || answer === undefined
        ? nothingYet(facts)
        : html`${answerSection(facts, standing, answer)}
${setupSection(facts)}
${recordSection(facts)}
${outcomesSection(facts, standing)}`
    }
${overview(facts)}`,
    foot(facts),
  );
}

/** The styles of this page, what a link to it shows, the scripts, and what the page will ask for at once. */
function head(
  facts: PageFacts,
  title: string,
  answer: Answer | undefined,
  { importMap, modules }: { readonly importMap: string; readonly modules: readonly string[] },
): Html {
  const [entry = '', ...others] = modules.map((path) => `/modules/${path}`);
  return html`<link rel="stylesheet" href="/assets/signal-page.css">
${shareTags(facts, title, answer)}
<script type="importmap">${raw(importMap)}</script>
<link rel="modulepreload" href="/assets/echarts.mjs">
${facts.standing === undefined ? '' : html`<link rel="preload" href="/api/charts${queryOf(facts)}" as="fetch" crossorigin>`}
${others.map((path) => html`<link rel="modulepreload" href="${path}">`)}
<script type="module" src="${entry}"></script>`;
}

function nothingYet(facts: PageFacts): Html {
  const { labels, asOf } = facts;
  if (asOf === undefined) {
    return html`<section class="answer" aria-labelledby="answer">
<p class="kicker">${labels.signal.title}</p>
<h1 id="answer">No closes yet: the bell cannot ring before its first check.</h1>
</section>
${setupSection(facts)}`;
  }
  return html`<section class="answer" aria-labelledby="answer">
<p class="kicker">${labels.signal.title}</p>
<h1 id="answer">There is no close up to ${date(asOf)}.</h1>
<p><a href="/${queryOf({ ...facts, asOf: undefined })}">Back to the newest</a></p>
</section>`;
}

function foot(facts: PageFacts): Html {
  const { withDividends, benchmarkName } = facts.labels;
  return html`<p>${withDividends ? `The ${benchmarkName} includes reinvested dividends.` : 'Price only, without dividends.'} Not investment advice.</p>
<p>For programs, as JSON: <a href="/api/study${queryOf(facts)}">study</a>, <a href="/api/charts${queryOf(facts)}">charts</a>. This page only reads.</p>`;
}
