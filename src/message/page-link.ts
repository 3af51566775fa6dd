import type { Session } from '../market/close.ts';
import type { Message } from './message.ts';

/** The name of an event's place on the page of its signal: the part of an address behind its #. */
export function eventPlace(session: Session): string {
  return `event-${session}`;
}

/**
 * The address of the place on the page that a message is about: the event, where things stand, or what needs attention.
 * @param publicUrl the address under which readers reach the page, without a slash at its end
 */
export function pageLink(
  publicUrl: string,
  { kind, signal, session }: Pick<Message, 'kind' | 'signal' | 'session'>,
): string {
  if (kind === 'warning' || kind === 'all-clear') return `${publicUrl}/operations#problems`;
  if (kind === 'drill') return `${publicUrl}/operations#channels`;
  const query = signal === null ? '' : `?signal=${encodeURIComponent(signal)}`;
  const place = signal === null || session === null || kind === 'approaching' ? '' : `#${eventPlace(session)}`;
  return `${publicUrl}/${query}${place}`;
}
