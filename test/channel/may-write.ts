import { setTimeout } from 'node:timers/promises';
import type { MayWrite } from '../../src/channel/channel.ts';
import type { Outgoing } from '../../src/message/message.ts';
import { exampleMessage } from '../support/examples.ts';

export const PNG = new Uint8Array(3000);
export const WORDS: Outgoing = { message: exampleMessage(), repeat: false, refersTo: null };
export const WITH_PICTURE: Outgoing = {
  ...WORDS,
  pictures: [{ name: 'record', png: PNG, alt: 'the record' } as never],
};

class LostError extends Error {
  override name = 'LostError';
}

/** What is asked before a message is written: throws at its nth call, and notes what was written by then. */
export function asked<T>(look: () => T, throwAt?: number): { mayWrite: MayWrite; seen: T[] } {
  const seen: T[] = [];
  const mayWrite = async () => {
    // What was written meanwhile has arrived.
    await setTimeout(20);
    seen.push(look());
    if (seen.length === throwAt) throw new LostError();
  };
  return { mayWrite, seen };
}
