import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from './temporary.ts';

const PACKAGE = join(import.meta.dirname, '../..');

/** A home folder of its own, with the signals and the symbols that are given. */
export function rootWith(signals: readonly object[], symbols: Readonly<Record<string, object>> = {}): string {
  const root = temporaryFolder();
  mkdirSync(join(root, 'config'));
  mkdirSync(join(root, 'data'));
  cpSync(join(PACKAGE, 'config/schedule.json'), join(root, 'config/schedule.json'));
  cpSync(join(PACKAGE, 'data/before-yahoo.csv'), join(root, 'data/before-yahoo.csv'));
  writeFileSync(join(root, 'config/signals.json'), JSON.stringify({ signals, symbols }));
  return root;
}
