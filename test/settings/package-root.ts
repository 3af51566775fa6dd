import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '../support/temporary.ts';

export const PACKAGE = join(import.meta.dirname, '../..');
export const WEBHOOK = 'https://discord.com/api/webhooks/123/tok-en_1';

/** A home folder of its own: the real config, and what the test changes. */
export function root(env = '', config: Record<string, unknown> = {}): string {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'data'));
  cpSync(join(PACKAGE, 'config'), join(folder, 'config'), { recursive: true });
  cpSync(join(PACKAGE, 'data/before-yahoo.csv'), join(folder, 'data/before-yahoo.csv'));
  for (const [name, json] of Object.entries(config)) writeFileSync(join(folder, 'config', name), JSON.stringify(json));
  if (env !== '') writeFileSync(join(folder, '.env'), env, { mode: 0o600 });
  return folder;
}

/** The real signals with a change in the first. */
export function signalsWith(change: object): Record<string, unknown> {
  const file = JSON.parse(readFileSync(join(PACKAGE, 'config/signals.json'), 'utf8'));
  return { 'signals.json': { ...file, signals: [{ ...file.signals[0], ...change }] } };
}
