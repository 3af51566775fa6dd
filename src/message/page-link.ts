import type { Session } from '../market/close.ts';
import type { Message } from './message.ts';

/** The name of an event's place on the page of its signal: the part of an address behind its #. */
export function eventPlace(session: Session): string {
  return `event-${session}`;
}

/** The address of a message on the page. */
export function messageLink(publicUrl: string, id: string): string {
  return `${publicUrl}/messages/${encodeURI(id)}`;
}

/**
 * The address of the place on the page that a message is about: the event, where things stand, or what needs attention.
 * @param publicUrl the address under which readers reach the page, without a slash at its end
 */
export function pageLink(
  publicUrl: string,
  { id, kind, signal, session, tells }: Pick<Message, 'id' | 'kind' | 'signal' | 'session' | 'tells'>,
): string {
  if (tells !== undefined) return messageLink(publicUrl, id);
  if (kind === 'warning' || kind === 'all-clear') return `${publicUrl}/operations#problems`;
  if (kind === 'drill') return `${publicUrl}/operations#channels`;
  const query = signal === null ? '' : `?signal=${encodeURIComponent(signal)}`;
  const place = signal === null || session === null || kind === 'approaching' ? '' : `#${eventPlace(session)}`;
  return `${publicUrl}/${query}${place}`;
}
