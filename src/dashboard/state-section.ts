import { html } from 'hono/html';
import { calendarTime, capital, change, date, longDate, plural, points } from '../message/format.ts';
import { asOfForm } from './as-of-form.ts';
import { gauge } from './gauge.ts';
import type { Html } from './html.ts';
import type { PageFacts, Standing } from './page-facts.ts';
import { stateGauges } from './state-gauges.ts';

/** Is there an event, and how close are we: the first thing that the page says. */
export function stateSection(facts: PageFacts, standing: Standing): Html {
  const { labels, asOf, sourceNote } = facts;
  const { state } = standing.state;
  const event = eventOn(standing);
  const badge = event !== undefined ? 'event' : state === 'armed' ? 'armed' : 'recent';
  return html`<section aria-labelledby="state-title">
${asOfForm(facts, standing)}
${asOf === undefined ? '' : html`<p class="note">As it stood after the close of ${date(standing.state.session)}, on today's values. Health, messages and runs are those of now.</p>`}
${sourceNote === undefined ? '' : html`<p class="note">${sourceNote}</p>`}
<h2 id="state-title">${labels.signal.title}</h2>
<p class="big"><strong class="badge ${badge}">${event === undefined ? capital(state) : 'Event'}</strong>
${event === undefined ? distance(standing) : html`the first record close in over ${years(facts)}`}</p>
${closedAt(standing)}
<div class="gauges">${stateGauges(standing).map(gauge)}</div>
</section>`;
}

/** The event of the session that is shown, where it is one. */
function eventOn({ state, study }: Standing) {
  const newest = study.events.at(-1);
  return newest?.session === state.session ? newest : undefined;
}

function years({ signal: { quietYears } }: PageFacts): string {
  return quietYears === 1 ? 'a year' : `${quietYears} years`;
}

/** How far an event is, as the words after the badge. */
function distance({ state, armedFrom, armedSessions }: Standing): Html {
  if (state.state === 'armed') {
    return html`for <strong>${plural(armedSessions, 'session')}</strong>, needs <strong>${change(state.toRecord, 2)}</strong>`;
  }
  return state.toRecord === 0
    ? html`a record close on <strong>${date(state.session)}</strong>`
    : html`nothing fires before <strong>${date(armedFrom)}</strong>`;
}

/** The close that is shown, and its record, as sentences. */
function closedAt(standing: Standing): Html {
  const { close, session, record, quietSessions, toRecord, state, change: move } = standing.state;
  const event = eventOn(standing);
  const onTheDay = move === null ? '' : ` (${change(move, 2)} on the day)`;
  const quiet = `${calendarTime(record.session, session)}${quietSessions === null ? '' : `, ${plural(quietSessions, 'session')}`}`;
  return html`<p>Closed at <strong>${points(close)}</strong> on ${longDate(session)}${onTheDay}.
${
  event === undefined
    ? ''
    : html`Past its record of ${points(event.previousRecord.close)} of ${date(event.previousRecord.session)}, after ${calendarTime(event.previousRecord.session, session)}.`
}
${toRecord === 0 ? '' : html`Its record is ${points(record.close)} of ${date(record.session)}, ${quiet} ago.`}
${state === 'armed' ? 'The next close above the record is an event.' : ''}</p>`;
}
