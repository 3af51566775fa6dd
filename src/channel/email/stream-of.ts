import { Readable } from 'node:stream';
import type { MayWrite } from '../channel.ts';

/** A message as it is written, and whether that was forbidden on the way. */
export interface GuardedStream {
  readonly stream: Readable;
  readonly forbidden: boolean;
}

/**
 * A message that asks before it is written and before its end. It is read once the server has said 354; the dot that ends it
 * follows when the last part was written.
 */
export function streamOf(message: Buffer, mayWrite: MayWrite | undefined): GuardedStream {
  let forbidden = false;
  const allowed = async () => {
    try {
      await mayWrite?.();
    } catch (error) {
      forbidden = true;
      throw error;
    }
  };
  const parts = async function* () {
    await allowed();
    yield message;
    await allowed();
  };
  return {
    stream: Readable.from(parts(), { objectMode: false, highWaterMark: 0 }),
    get forbidden() {
      return forbidden;
    },
  };
}
