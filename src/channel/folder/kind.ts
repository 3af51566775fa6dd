import type { ChannelKind } from '../kind.ts';
import { defaultOutboxDir, readOutboxDir } from './settings.ts';

/** Files in a folder, which needs no account: it steps in where nothing else is set up. */
export const FOLDER: ChannelKind<string> = {
  kind: 'folder',
  variables: ['OUTBOX_DIR'],
  secretVariables: [],
  takesDigests: true,
  showsDark: true,
  read: readOutboxDir,
  stepsIn: defaultOutboxDir,
  secrets: () => [],
  create: async (folder) => {
    const { createFolderChannel } = await import('./transport.ts');
    return [createFolderChannel(folder)];
  },
};
