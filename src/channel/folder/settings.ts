import { resolve } from 'node:path';
import type { Variables } from '../variables.ts';

/** The folder that messages are written to; undefined where none is set. */
export function readOutboxDir({ OUTBOX_DIR }: Variables, root: string): string | undefined {
  return OUTBOX_DIR === undefined ? undefined : resolve(root, OUTBOX_DIR);
}

/** Where messages are written to while no channel is set up. */
export function defaultOutboxDir(root: string): string {
  return resolve(root, 'data/outbox');
}
