import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PROGRAM_FOLDER } from '../settings/places.ts';

/** The version of this program, and of the Node that it runs on. */
export function versionLine(): string {
  const { name, version } = JSON.parse(readFileSync(join(PROGRAM_FOLDER, 'package.json'), 'utf8'));
  return `${name} ${version} on Node ${process.versions.node}`;
}
