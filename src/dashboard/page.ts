import { html, raw } from 'hono/html';
import { headline, hitRate, horizonTable, trust } from '../message/evidence.ts';
import {
  calendarTime,
  capital,
  change,
  count,
  date,
  horizon,
  instant,
  longDate,
  plural,
  points,
  share,
} from '../message/format.ts';
import { type Gauge, gauge } from './gauge.ts';
import { document, type Html } from './html.ts';
import { operations } from './operations.ts';
import { overview } from './overview.ts';
import type { PageFacts, Standing } from './page-facts.ts';
import { type Cell, cell, dataTable } from './table.ts';

/**
 * The whole page, complete without scripts: they add the charts that can be zoomed and the sorting.
 * @param modules the paths of the modules that the page runs, its entry first
 */
export function page(facts: PageFacts, importMap: string, modules: readonly string[]): Html {
  const { labels, standing } = facts;
  const [entry = '', ...others] = modules.map((path) => `/modules/${path}`);
  const head = html`<script type="importmap">${raw(importMap)}</script>
<link rel="modulepreload" href="/assets/echarts.mjs">
<link rel="preload" href="/api/charts${query(facts)}" as="fetch" crossorigin>
${others.map((path) => html`<link rel="modulepreload" href="${path}">`)}
<script type="module" src="${entry}"></script>`;
  const title = standing === undefined ? labels.signal.title : `${labels.signal.title}: ${standing.state.state}`;
  return document(
    `${title} – Breakout Bell`,
    html`<a class="skip" href="#main">To the content</a>
${header(facts)}
<main id="main">
${standing === undefined ? nothingYet(facts) : content(facts, standing)}
${overview(facts)}
${operations(facts)}
</main>
<footer>
<p>The same as JSON: <a href="/api/status">status</a>, <a href="/api/study${query(facts)}">study</a>, <a href="/api/charts${query(facts)}">charts</a>,
<a href="/api/ledger">ledger</a>. For machines: <a href="/healthz">healthz</a>, <a href="/metrics">metrics</a>. This page changes nothing.</p>
<p>${labels.withDividends ? `The ${labels.benchmarkName} reinvests dividends.` : 'Price only, without dividends.'} Not investment advice.</p>
</footer>`,
    head,
  );
}

/** The part of an address that says which signal and which session are shown. */
function query({ signals, signal, asOf }: Pick<PageFacts, 'signals' | 'signal' | 'asOf'>, session = asOf): string {
  const parts = [
    ...(signals.length > 1 ? [`signal=${encodeURIComponent(signal.id)}`] : []),
    ...(session === undefined ? [] : [`as-of=${session}`]),
  ];
  return parts.length === 0 ? '' : `?${parts.join('&')}`;
}

function header({ health, watching }: PageFacts): Html {
  const { daemon, nextRun } = watching;
  const looked = health.evaluatedAt === null ? 'Never looked yet' : `Looked ${instant(Date.parse(health.evaluatedAt))}`;
  const next =
    daemon === null
      ? 'no daemon is running: npm run daemon'
      : `next look ${instant(Date.parse(nextRun))}, watching since ${instant(Date.parse(daemon.startedAt))}`;
  return html`<header>
<h1>Breakout Bell</h1>
<p class="health ${health.ok ? 'good' : 'bad'}"><strong>${health.ok ? 'All is well' : 'Not well'}</strong>
${health.reasons.map((reason) => html`<span>${capital(reason)}.</span> `)}
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

function content(facts: PageFacts, standing: Standing): Html {
  const { labels } = facts;
  const { study } = standing;
  const year = headline(study);
  return html`${state(facts, standing)}
<section aria-labelledby="record-title">
<h2 id="record-title">${labels.signal.title} and its records</h2>
<p class="quiet">Logarithmic. Shaded: quiet periods of over a year. Dots: the record close that ended each. Ctrl and wheel, the slider or the buttons zoom.</p>
${chart(facts, 'record')}
</section>
<section aria-labelledby="outcomes-title">
<h2 id="outcomes-title">What the ${labels.benchmarkName} did after</h2>
<p class="lead">${capital(hitRate(labels.benchmarkName, year))}; any day: ${
    year.baseRate === null ? 'not known yet' : share(year.baseRate, 1)
  }.</p>
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
  horizonTable(study).columns.map(({ title, align }) => ({ title, align })),
  horizonTable(study).rows.map((row) => row.map((text) => cell(text))),
)}
<h3>Every occasion</h3>
${events(facts, standing)}
<p class="quiet">Each date opens its message as it was sent, or the alert as it would have read.
<a href="/preview${query({ ...facts, asOf: undefined })}">What would the next alert look like?</a></p>
</section>`;
}

function state(facts: PageFacts, { state, armedFrom, armedSessions, low, before, after, study }: Standing): Html {
  const { labels, signals, signal, asOf, sourceNote } = facts;
  const { close, session, record, quietSessions, toRecord } = state;
  const armed = state.state === 'armed';
  const newest = toRecord === 0;
  const event = study.events.at(-1);
  const fires = event?.session === session;
  const [badge, word] = fires
    ? ['event', 'Event']
    : armed
      ? ['armed', capital(state.state)]
      : ['recent', capital(state.state)];
  const onTheDay = state.change === null ? '' : ` (${change(state.change, 2)} on the day)`;
  const quiet = `${calendarTime(record.session, session)}${quietSessions === null ? '' : `, ${plural(quietSessions, 'session')}`}`;
  const gauges: Gauge[] = [
    {
      title: 'To the record',
      value: record.close === low.close ? 1 : (close - low.close) / (record.close - low.close),
      from: record.close === low.close ? '' : `low ${points(low.close)}, ${date(low.session)}`,
      to: `record ${points(record.close)}`,
      text: newest ? 'at its record' : `needs ${change(toRecord, 2)}`,
      mark: undefined,
      lit: newest,
    },
    {
      title: 'Quiet since the record',
      ...quietShare(record.session, session, armedFrom),
      from: date(record.session),
      to: armed ? `armed on ${date(armedFrom)}` : `arms on ${date(armedFrom)}`,
      text: newest
        ? 'record today'
        : quietSessions === null
          ? calendarTime(record.session, session)
          : plural(quietSessions, 'session'),
      lit: armed,
    },
  ];
  return html`<section aria-labelledby="state-title">
<form method="get" action="/" class="as-of">
${
  signals.length > 1
    ? html`<label>Signal <select name="signal">${signals.map(
        ({ id, title }) => html`<option value="${id}"${id === signal.id ? raw(' selected') : ''}>${title}</option>`,
      )}</select></label>`
    : ''
}
<label>As it stood after <input type="date" name="as-of" value="${session}" required></label>
<button>Show</button>
${before === undefined ? '' : html`<a href="/${query(facts, before)}" rel="prev">session before</a>`}
${after === undefined ? '' : html`<a href="/${query(facts, after)}" rel="next">session after</a>`}
${asOf === undefined ? '' : html`<a href="/${query({ ...facts, asOf: undefined })}">newest</a>`}
</form>
${asOf === undefined ? '' : html`<p class="note">As it stood after the close of ${date(session)}, on today's values. Health, messages and runs are those of now.</p>`}
${sourceNote === undefined ? '' : html`<p class="note">${sourceNote}</p>`}
<h2 id="state-title">${labels.signal.title}</h2>
<p class="big"><strong class="badge ${badge}">${word}</strong>
${
  fires
    ? html`the first record close in over ${signal.quietYears === 1 ? 'a year' : `${signal.quietYears} years`}`
    : armed
      ? html`for <strong>${plural(armedSessions, 'session')}</strong>, needs <strong>${change(toRecord, 2)}</strong>`
      : newest
        ? html`a record close on <strong>${date(session)}</strong>`
        : html`nothing fires before <strong>${date(armedFrom)}</strong>`
}</p>
<p>Closed at <strong>${points(close)}</strong> on ${longDate(session)}${onTheDay}.
${
  fires && event !== undefined
    ? html`Past its record of ${points(event.previousRecord.close)} of ${date(event.previousRecord.session)}, after ${calendarTime(event.previousRecord.session, session)}.`
    : ''
}
${newest ? '' : html`Its record is ${points(record.close)} of ${date(record.session)}, ${quiet} ago.`}
${armed ? 'The next close above the record is an event.' : ''}</p>
<div class="gauges">${gauges.map(gauge)}</div>
</section>`;
}

/** How far the quiet time is on a scale where the day it arms lies at the half, or the share that is left of it. */
function quietShare(from: string, to: string, armedFrom: string): { value: number; mark: number } {
  const [start, now, armed] = [from, to, armedFrom].map((day) => Date.parse(day));
  if (start === undefined || now === undefined || armed === undefined) return { value: 0, mark: 1 };
  const end = Math.max(armed + (armed - start) / 4, now);
  return { value: (now - start) / (end - start), mark: (armed - start) / (end - start) };
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
<noscript><img src="/pictures/${name}.png${query(facts)}" alt="${alt}" width="800" height="450"></noscript>
</figure>`;
}

function events({ signal, signals, labels }: PageFacts, { study, told }: Standing): Html {
  // A year first: on a phone it stands beside the date, and the others are scrolled to.
  const months = Object.keys(study.horizons).toSorted((a, b) => Number(b === '12') - Number(a === '12'));
  const which = signals.length > 1 ? `signal=${encodeURIComponent(signal.id)}&` : '';
  const percent = (value: number | null | undefined): Cell =>
    typeof value === 'number' ? cell(change(value), value, value < 0 ? 'down' : 'up') : cell('pending', -9);
  const anyDay = (months: string): Cell => {
    const s = study.horizons[months];
    return cell(
      s?.baseMean == null || s.baseRate === null ? '–' : html`${change(s.baseMean)}<br>${share(s.baseRate)} up`,
    );
  };
  const day = (session: string): Html => {
    const [first, ...others] = told.get(session) ?? [];
    if (first === undefined) return html`<a href="/preview?${which}session=${session}">${date(session)}</a>`;
    return html`<a href="/messages/${first.id}">${date(session)}</a>${others.map(
      ({ id, kind }) => html`, <a href="/messages/${id}">${kind}</a>`,
    )}`;
  };
  return dataTable(
    `Record closes of ${labels.signal.title} after a quiet period, and the return of the ${labels.benchmarkName}`,
    [
      { title: 'Record close', align: 'left', sort: true },
      ...months.map((text) => ({ title: horizon(Number(text)), align: 'right', sort: true }) as const),
      { title: 'Max drawdown', align: 'right', sort: true },
      { title: 'Close', align: 'right', sort: true },
      { title: 'Quiet days', align: 'right', sort: true },
      { title: 'Past the record of', align: 'left' },
    ],
    study.events
      .toReversed()
      .map((event) => [
        cell(day(event.session), event.session),
        ...months.map((text) => percent(event.outcomes[text])),
        percent(event.drawdown12),
        cell(points(event.close), event.close),
        cell(count(event.quietDays), event.quietDays),
        cell(`${points(event.previousRecord.close)} of ${date(event.previousRecord.session)}`),
      ]),
    [cell('Any day'), ...months.map(anyDay), ...['', '', '', ''].map((text) => cell(text))],
  );
}
