import { newYorkDate, newYorkTime } from '../market/new-york.ts';
import { date, plural } from './format.ts';
import type { Message, MessageKind } from './message.ts';

/** What readers can mark as seen: an alert, its reminder, and a drill, so that the way is proven too. */
const MARKABLE: readonly MessageKind[] = ['alert', 'reminder', 'drill'];
/** So many readers are named; more are counted. */
const NAMED = 3;

/** The message that a reader marks under this one: a reminder stands for its alert. Undefined: none. */
export function markedUnder({ id, kind, refersTo }: Pick<Message, 'id' | 'kind' | 'refersTo'>): string | undefined {
  if (!MARKABLE.includes(kind)) return undefined;
  return kind === 'reminder' ? (refersTo ?? undefined) : id;
}

/** Somebody who has seen a message. */
export interface Sighting {
  /** Who, as whoever reads this may know. */
  readonly by: string;
  /** When, ISO instant. */
  readonly at: string;
}

/** Who has seen a message: "Seen by Anna, 19 Sep 2025, 08:12 New York". Undefined: nobody. */
export function seenText(sightings: readonly Sighting[]): string | undefined {
  if (sightings.length === 0) return undefined;
  const named = sightings.slice(0, NAMED).map(({ by, at }) => `${by}, ${moment(at)}`);
  const others = sightings.length - named.length;
  const more = others > 0 ? `; and ${plural(others, 'other')}` : '';
  return `Seen by ${named.join('; ')} New York${more}`;
}

function moment(at: string): string {
  const time = Date.parse(at);
  return `${date(newYorkDate(time))}, ${newYorkTime(time)}`;
}
