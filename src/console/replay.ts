import type { Replay } from '../analysis/replay.ts';
import { newYorkDate } from '../market/new-york.ts';
import { date, longDate, plural } from '../message/format.ts';
import type { Message } from '../message/message.ts';
import { openingOf } from '../render/text.ts';

/** A message that would have gone out, with its figures of that day: title, lead, and what its sections say. */
export function replayedMessageLines({ id, createdAt, title, notes, sections, ...opening }: Message): string[] {
  return [
    `── ${longDate(newYorkDate(Date.parse(createdAt)))} ── ${id}`,
    title,
    ...openingOf(opening),
    ...notes,
    ...sections.flatMap(({ paragraphs }) => paragraphs),
    '',
  ];
}

/** How a replay ended. */
export function replayLines({ from, to, sessions, events, messages, differences }: Replay, folder: string): string[] {
  return [
    `Replayed ${plural(sessions, 'session')}, ${date(from)} to ${date(to)}: ${plural(events.length, 'event')}, ${plural(messages.length, 'message')}.`,
    ...(messages.length === 0 ? [] : [`The messages as they would have been sent: ${folder}`]),
    ...(differences.length === 0
      ? ['The study of the whole history finds the same events and the same figures.']
      : [`The study of the whole history differs in ${plural(differences.length, 'place')}:`, ...differences]),
  ];
}
