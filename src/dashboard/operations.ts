import { html } from 'hono/html';
import { gatewayText, pausedText } from '../message/digest-channels.ts';
import { date, instant, plural, points } from '../message/format.ts';
import type { Delivery } from '../store/deliveries.ts';
import type { RunResult } from '../store/runs.ts';
import type { Html } from './html.ts';
import type { PageFacts } from './page-facts.ts';
import { cell, dataTable } from './table.ts';

/** What the bot did, and how it is: troubles, channels, messages, runs. */
export function operations(facts: PageFacts): Html {
  return html`${troubles(facts)}
<section aria-labelledby="channels-title">
<h2 id="channels-title">Channels</h2>
${channels(facts)}
</section>
<section aria-labelledby="messages-title">
<h2 id="messages-title">Messages and their deliveries</h2>
${messages(facts)}
</section>
<section aria-labelledby="runs-title">
<h2 id="runs-title">Runs</h2>
${runs(facts)}
</section>`;
}

function troubles({ health, held, missing }: PageFacts): Html | string {
  if (health.troubles.length + held.length + missing.length === 0) return '';
  return html`<section aria-labelledby="troubles-title">
<h2 id="troubles-title">What is not as it should be</h2>
<ul>
${health.troubles.map(({ title, text }) => html`<li><strong>${title}.</strong> ${text}</li>`)}
${held.map(
  ({ symbol, session, close, reason }) =>
    html`<li><strong>Held:</strong> ${symbol} ${points(close)} of ${date(session)}, not believed yet: ${reason}.</li>`,
)}
${[...new Set(missing.map(({ symbol }) => symbol))].map((symbol) => {
  const sessions = missing.filter((gap) => gap.symbol === symbol);
  const shown = sessions.slice(0, 5).map(({ session }) => date(session));
  const more = sessions.length - shown.length;
  return html`<li><strong>Missing:</strong> ${symbol}, ${shown.join(', ')}${more > 0 ? ` and ${plural(more, 'session')} more` : ''}.</li>`;
})}
</ul>
</section>`;
}

function channels({ channels }: PageFacts): Html {
  return dataTable(
    'How each channel is',
    [
      { title: 'Channel', align: 'left' },
      { title: 'State', align: 'left' },
      { title: 'Last tested', align: 'left' },
      { title: 'Last message that arrived', align: 'left' },
      { title: 'Waiting', align: 'right' },
    ],
    channels.map(({ channel, paused, test, gateway, lastSent, open }) => [
      cell(html`${channel}${gatewayText(gateway).map((text) => html`<br><span class="quiet">${text}</span>`)}`),
      paused !== null
        ? cell(pausedText(paused), undefined, 'wait')
        : test?.failure
          ? cell(test.failure, undefined, 'down wrap')
          : cell(test === null ? 'not tested yet' : 'works', undefined, test === null ? '' : 'up'),
      cell(test === null ? '–' : instant(Date.parse(test.at))),
      cell(
        lastSent === null
          ? 'none yet'
          : html`<a href="/messages/${encodeURI(lastSent.message)}">${instant(Date.parse(lastSent.at))}</a>`,
      ),
      cell(String(open)),
    ]),
  );
}

function messages({ ledger }: PageFacts): Html {
  if (ledger.messages.length === 0) return html`<p>None yet: what is sent is listed here.</p>`;
  return dataTable(
    'The newest messages',
    [
      { title: 'Message', align: 'left', sort: true },
      { title: 'Kind', align: 'left', sort: true },
      { title: 'Written', align: 'left', sort: true },
      { title: 'Deliveries', align: 'left' },
    ],
    ledger.messages.map(({ message: { id, kind, title, createdAt }, deliveries }) => [
      cell(html`<a href="/messages/${encodeURI(id)}">${title}</a>`, title, 'wrap'),
      cell(kind, kind),
      cell(instant(Date.parse(createdAt)), createdAt),
      cell(html`<ul class="plain">${deliveries.map(delivery)}</ul>`),
    ]),
  );
}

function delivery({ channel, state, attempts, reason, changedAt }: Delivery): Html {
  const tone = state === 'sent' ? 'up' : state === 'failed' || state === 'unknown' ? 'down' : 'wait';
  const tries = attempts > 1 ? `, ${attempts} attempts` : '';
  const why = reason === null ? '' : `: ${reason}`;
  return html`<li>${channel}: <strong class="${tone}">${state}</strong> ${instant(Date.parse(changedAt))}${tries}${why}</li>`;
}

function runs({ ledger }: PageFacts): Html {
  if (ledger.runs.length === 0) return html`<p>None yet.</p>`;
  return dataTable(
    'The newest runs',
    [
      { title: 'Began', align: 'left' },
      { title: 'Command', align: 'left' },
      { title: 'Took', align: 'right' },
      { title: 'What came of it', align: 'left' },
    ],
    ledger.runs.map((run) => [
      cell(instant(Date.parse(run.startedAt))),
      cell(run.command),
      cell(
        run.endedAt === null ? '–' : `${((Date.parse(run.endedAt) - Date.parse(run.startedAt)) / 1000).toFixed(1)} s`,
      ),
      result(run),
    ]),
  );
}

function result({ endedAt, fired, problems }: RunResult) {
  if (endedAt === null) return cell('did not end: it runs, or its process died', undefined, 'wait');
  const lines = [...fired.map((event) => `fired ${event}`), ...problems];
  if (lines.length === 0) return cell('nothing to tell');
  return cell(
    html`<ul class="plain">${lines.map((line) => html`<li>${line}</li>`)}</ul>`,
    undefined,
    problems.length > 0 ? 'down' : 'up',
  );
}
