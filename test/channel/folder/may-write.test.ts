import { readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { createFolderChannel } from '../../../src/channel/folder/transport.ts';
import { temporaryFolder } from '../../support/temporary.ts';
import { asked, WITH_PICTURE } from '../may-write.ts';

describe('a folder', () => {
  test('asks before each file takes its place, and leaves nothing half behind', async () => {
    const folder = temporaryFolder();
    const channel = createFolderChannel(folder);
    const files = () => readdirSync(folder).filter((name) => !name.endsWith('.tmp'));
    expect(await channel.send(WITH_PICTURE, asked(files, 1).mayWrite)).toMatchObject({ state: 'refused' });
    expect(readdirSync(folder)).toEqual([]);
    const { mayWrite, seen } = asked(files);
    expect(await channel.send(WITH_PICTURE, mayWrite)).toMatchObject({ state: 'sent' });
    expect(seen.map((names) => names.length)).toEqual([0, 1, 2, 3]);
    expect(readdirSync(folder)).toHaveLength(4);
  });
});
