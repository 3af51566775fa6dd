import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { testFeed } from '../../src/health/feed.ts';
import { temporaryFolder } from '../support/temporary.ts';

let folder = '';
beforeEach(() => {
  folder = temporaryFolder();
});
const look = (file: string, url?: string) => testFeed({ feed: { file: join(folder, file), url } });

test('where it can be written, it says where, and for whom', async () => {
  expect(await look('feed.xml', 'https://www.example.com/bell.xml')).toBe(
    `written to ${folder}/feed.xml, for readers of https://www.example.com/bell.xml`,
  );
  expect(await look('feed.xml')).toMatch(/; set FEED_URL to the address at which readers find it$/);
});

test('a folder that is not there, or may not be written in, and what lies there already, are named with their cure', async () => {
  await expect(look('away/feed.xml')).rejects.toThrow(
    `the folder ${folder}/away does not exist; make it, or set FEED_FILE to another path`,
  );
  writeFileSync(join(folder, 'index.html'), '<html>');
  await expect(look('index.html')).rejects.toThrow(
    'is not a feed of this program, so it is not overwritten; move it away',
  );
  mkdirSync(join(folder, 'feed.xml'));
  await expect(look('feed.xml')).rejects.toThrow(`${folder}/feed.xml is a folder; a file is needed`);
});

test.skipIf(process.getuid?.() === 0)('so is a folder of somebody else', async () => {
  chmodSync(folder, 0o500);
  await expect(look('feed.xml')).rejects.toThrow('let the user of the daemon write there');
  chmodSync(folder, 0o700);
});
