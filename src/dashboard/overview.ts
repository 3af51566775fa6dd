import { html } from 'hono/html';
import { change, date, plural, points } from '../message/format.ts';
import type { Html } from './html.ts';
import type { PageFacts } from './page-facts.ts';
import { cell, dataTable } from './table.ts';

/** How many signals of a long watch list are shown. */
const SHOWN = 50;

/** Where every signal stands, each a way to its own page; nothing where there is only one. */
export function overview({ overview: states, signals, signal: shown, asOf }: PageFacts): Html {
  if (states.length === 0) return html``;
  const titles = new Map(signals.map(({ id, title }) => [id, title]));
  const more = states.length - SHOWN;
  const link = (id: string) => {
    const title = titles.get(id) ?? id;
    const query = `signal=${encodeURIComponent(id)}${asOf === undefined ? '' : `&as-of=${asOf}`}`;
    return id === shown.id
      ? html`<strong aria-current="page">${title}</strong>`
      : html`<a href="/?${query}">${title}</a>`;
  };
  return html`<section aria-labelledby="overview-title">
<h2 id="overview-title">All signals</h2>
${dataTable(
  'Where every signal stands, the nearest to an event first',
  [
    { title: 'Signal', align: 'left', sort: true },
    { title: 'To record', align: 'right', sort: true },
    { title: 'State', align: 'left', sort: true },
    { title: 'Close', align: 'right', sort: true },
    { title: 'Session', align: 'right', sort: true },
    { title: 'Record', align: 'right', sort: true },
    { title: 'Record date', align: 'right', sort: true },
  ],
  states
    .slice(0, SHOWN)
    .map(({ signal, toRecord, state, close, session, record }) => [
      cell(link(signal), titles.get(signal) ?? signal),
      cell(toRecord === 0 ? 'record' : change(toRecord, 2), toRecord),
      cell(state, state),
      cell(points(close), close),
      cell(date(session), session),
      cell(points(record.close), record.close),
      cell(date(record.session), record.session),
    ]),
)}
${more > 0 ? html`<p class="quiet">And ${plural(more, 'signal')} further from an event.</p>` : ''}
</section>`;
}
