import { addMonths, toDate, toDay } from '../../market/session.ts';

const DAY_MS = 86_400_000;
/** The stretches that a button shows, in years. */
const YEARS = [1, 5, 10, 20];

/** What of the record chart is shown: two dates, both included. */
export interface Stretch {
  readonly from: string;
  readonly to: string;
}

/** A stretch on ECharts' axis of time, in epoch milliseconds. */
export interface TimeSpan {
  readonly startValue: number;
  readonly endValue: number;
}

/** The shortest stretch that can be shown. */
export const SHORTEST_MS = 30 * DAY_MS;

export function timeSpanOf({ from, to }: Stretch): TimeSpan {
  return { startValue: toDay(from) * DAY_MS, endValue: toDay(to) * DAY_MS };
}

export function stretchOf({ startValue, endValue }: TimeSpan): Stretch {
  return { from: dateAt(startValue), to: dateAt(endValue) };
}

/** The date at a time of the axis. */
export function dateAt(time: number): string {
  return toDate(Math.round(time / DAY_MS));
}

/** A row of buttons: the newest years, and all. @param show called with what is chosen */
export function stretchButtons(whole: Stretch, show: (stretch: Stretch) => void): HTMLElement {
  const row = document.createElement('div');
  row.className = 'stretches';
  row.setAttribute('role', 'group');
  row.setAttribute('aria-label', 'Years shown');
  for (const years of [...YEARS, undefined]) {
    const from = years === undefined ? whole.from : addMonths(whole.to, -12 * years);
    if (from < whole.from) continue;
    const button = document.createElement('button');
    button.type = 'button';
    button.textContent = years === undefined ? 'All' : `${years} y`;
    button.addEventListener('click', () => show({ from, to: whole.to }));
    row.append(button);
  }
  return row;
}
