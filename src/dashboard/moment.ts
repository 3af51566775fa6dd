import { html } from 'hono/html';
import { newYorkDate, newYorkTime } from '../market/new-york.ts';
import { date } from '../message/format.ts';
import type { Html } from './html.ts';

/** An ISO instant as people in New York write it, without the place: 18 Sep 2025, 16:45. Each page says once whose time that is. */
export function moment(iso: string): Html {
  const at = Date.parse(iso);
  return html`<time datetime="${iso}">${date(newYorkDate(at))}, ${newYorkTime(at)}</time>`;
}
