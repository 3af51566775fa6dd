import { html } from 'hono/html';
import { date, list } from '../message/format.ts';
import { seenText } from '../message/seen.ts';
import type { Answer, Figure } from './answer.ts';
import { asOfForm } from './as-of-form.ts';
import { type Gauge, gauge } from './gauge.ts';
import { quietGauge, recordGauge, yearGauge } from './gauges.ts';
import type { Html } from './html.ts';
import { queryOf } from './page-address.ts';
import type { PageFacts } from './page-facts.ts';
import type { Standing } from './standing.ts';

/** The first thing that the page says: when it last rang and what came of it, whether it is armed, how far the record is. */
export function answerSection(facts: PageFacts, standing: Standing, answer: Answer): Html {
  const { labels, asOf, sourceNote } = facts;
  const { headline, details, armed, record, followed } = answer;
  return html`<section aria-labelledby="answer" class="answer">
${
  asOf === undefined
    ? ''
    : html`<p class="note">As it stood after the close of ${date(standing.state.session)}, on today's values.
<a href="/${queryOf({ ...facts, asOf: undefined })}">Back to the newest</a></p>`
}
${sourceNote === undefined ? '' : html`<p class="note">${sourceNote}</p>`}
<p class="kicker">${labels.signal.title}</p>
<h1 id="answer">${headline}</h1>
<div class="figures">
${figure('Armed?', armed, standing.state.state === 'armed' ? 'armed' : 'unarmed', quietGauge(standing))}
${figure('To the record', record, '', recordGauge(standing))}
${figure('Higher a year later', followed, '', yearGauge(standing))}
</div>
<p class="details">${[...details, ...whereTo(facts)].map((text) => html`${text} `)}${alertLink(standing)}</p>
${asOfForm(facts, standing)}
</section>`;
}

function figure(title: string, { value, note, text }: Figure, tone: string, bar: Gauge | undefined): Html {
  return html`<div class="figure ${tone}">
<h2>${title}</h2>
<p class="value"><strong>${value}</strong> ${note === '' ? '' : html`<span>${note}</span>`}</p>
<p>${text}</p>
${bar === undefined ? '' : gauge(bar)}
</div>`;
}

/** Where a signal's messages go that names its channels. */
function whereTo({ alertsTo }: PageFacts): string[] {
  return alertsTo === undefined ? [] : [`Its alerts go only to ${list(alertsTo)}.`];
}

/** The way to the alert of the newest event, where one was written. */
function alertLink({ newest, messages }: Standing): Html | string {
  const [alert] = messages.get(newest?.event.session ?? '') ?? [];
  if (alert === undefined) return '';
  const seen = seenText(newest?.seen ?? []);
  return html`<a href="/messages/${encodeURI(alert.id)}">Read the alert</a>${seen === undefined ? '' : html`. ${seen}.`}`;
}
