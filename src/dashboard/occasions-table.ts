import { html } from 'hono/html';
import { change, count, date, horizon, points, share } from '../message/format.ts';
import { eventPlace } from '../message/page-link.ts';
import type { Html } from './html.ts';
import type { PageFacts } from './page-facts.ts';
import type { Standing } from './standing.ts';
import { type Cell, cell, dataTable } from './table.ts';

/** What a return that is not there yet is sorted by: below every loss. */
const PENDING = -9;

/** Every event and what followed, the newest first, and any day beside it. */
export function occasionsTable({ signal, signals, labels }: PageFacts, { study, messages }: Standing): Html {
  // A year first: on a phone it stands beside the date, and the others are scrolled to.
  const months = Object.keys(study.horizons).toSorted((a, b) => Number(b === '12') - Number(a === '12'));
  const which = signals.length > 1 ? `signal=${encodeURIComponent(signal.id)}&` : '';
  const anyDay = (months: string): Cell => {
    const s = study.horizons[months];
    return cell(
      s?.baseMean == null || s.baseRate === null ? '–' : html`${change(s.baseMean)}<br>${share(s.baseRate)} up`,
    );
  };
  const day = (session: string): Html => {
    const [first, ...others] = messages.get(session) ?? [];
    const place = eventPlace(session);
    if (first === undefined) {
      return html`<a id="${place}" href="/preview?${which}session=${session}">${date(session)}</a>`;
    }
    return html`<a id="${place}" href="/messages/${first.id}">${date(session)}</a>${others.map(
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

function percent(value: number | null | undefined): Cell {
  return typeof value === 'number' ? cell(change(value), value, value < 0 ? 'loss' : 'gain') : cell('pending', PENDING);
}
