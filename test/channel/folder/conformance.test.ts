import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { createFolderChannel } from '../../../src/channel/folder/transport.ts';
import { temporaryFolder } from '../../support/temporary.ts';
import { conforms, type Stage } from '../conformance.ts';

conforms({ id: 'folder', needsNetwork: false, start });

async function start(): Promise<Stage> {
  const parent = temporaryFolder();
  const folder = join(parent, 'outbox');
  const file = join(parent, 'file');
  writeFileSync(file, 'in the way');
  const names = () => readdirSync(folder).sort();
  return {
    channel: createFolderChannel(folder),
    arrived: () =>
      names()
        .filter((name) => name.endsWith('.txt'))
        .map((name) => readFileSync(join(folder, name), 'utf8')),
    // A folder has nothing to refer with but the names: they put the messages of one event side by side.
    reference: ({ file: first = '' }) => ({
      found: names().filter((name) => name.startsWith('2025-09-18-russell-2000-') && name.endsWith('.txt')),
      expected: expect.arrayContaining([first.slice(folder.length + 1), '2025-09-18-russell-2000-correction.txt']),
    }),
    faults: { 'a file is where the folder should be': () => writeFileSync(folder, 'in the way') },
    bad: [createFolderChannel(file), createFolderChannel(join(file, 'below'))],
    secrets: [],
  };
}
