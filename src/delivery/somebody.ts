import type { Delivery } from '../store/deliveries.ts';
import { isNeverDropped } from './kinds.ts';

// Whether somebody has a message is asked twice, and of the folder the answers differ.
//
// Is it still needed on this channel? The folder is nobody: its files reach nobody by themselves, and a channel that lacks
// the alert is tried on as if there were none. One message too many is the smaller evil.
//
// Has it reached nobody, so that the watch fails? A folder that a person has set up is somebody: who reads there would hear
// a false alarm each time. One that is there by default, beside channels that are set up, is read by nobody.

/** True for what somebody must have, and nobody surely has. The folder is nobody (`elsewhere` leaves it out). */
export function isNeeded({ kind, elsewhere }: Pick<Delivery, 'kind' | 'elsewhere'>): boolean {
  return isNeverDropped({ kind }) && !elsewhere;
}

/**
 * True where somebody has it, or is being told right now. A folder that was set up is somebody, and so is the one place
 * that a message went to.
 * @param posted on how many channels the message is
 * @param folderIsChosen a person has set up the folder: it is not there by default only
 */
export function hasSomebody(
  { channel, state }: Pick<Delivery, 'channel' | 'state'>,
  { posted, folderIsChosen }: { readonly posted: number; readonly folderIsChosen: boolean },
): boolean {
  if (state !== 'sent') return state === 'sending';
  return channel !== 'folder' || posted === 1 || folderIsChosen;
}
