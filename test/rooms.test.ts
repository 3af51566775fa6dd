import { globSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { expect, test } from 'vitest';

const SOURCE = join(import.meta.dirname, '../src');
/** The rooms of src/ from the top to the ground: a file imports from its own room and from those below it (docs/architecture.md). */
const ROOMS = [
  'cli',
  'daemon',
  'bot',
  'dashboard',
  'demo',
  'console',
  'analysis',
  'jobs',
  'health',
  'check',
  'ingest',
  'app',
  'settings',
  'delivery',
  'channel',
  'store',
  'chart',
  'render',
  'message',
  'study',
  'signal',
  'market',
];
/** What stands in src/ itself: the entry points, whose paths are fixed names. */
const ENTRIES = ['cli.ts', 'launch.js'];

const files = globSync('**/*.{ts,js}', { cwd: SOURCE })
  .filter((file) => !file.endsWith('.d.ts'))
  .map((file) => ({ file, code: readFileSync(join(SOURCE, file), 'utf8') }));

test('every file has a room, and every room is in the list', () => {
  const homeless = files.filter(({ file }) => !ENTRIES.includes(file) && !ROOMS.includes(roomOf(file)));
  expect(homeless.map(({ file }) => file)).toEqual([]);
  const used = new Set(files.map(({ file }) => roomOf(file)));
  expect(ROOMS.filter((room) => !used.has(room))).toEqual([]);
});

test('imports go down only, types included', () => {
  expect(files.flatMap(({ file, code }) => upward(file, code))).toEqual([]);
});

test.each([
  [`import { check } from '../check/check.ts';`, ['market/close.ts imports check/check.ts: market is below check']],
  [`import type { App } from '../app/app.ts';`, ['market/close.ts imports app/app.ts: market is below app']],
  [
    `const { send } = await import('../channel/email/transport.ts');`,
    ['market/close.ts imports channel/email/transport.ts: market is below channel'],
  ],
  [
    `type S = import('../settings/settings.ts').Settings;`,
    ['market/close.ts imports settings/settings.ts: market is below settings'],
  ],
  [`export { x } from './session.ts';`, []],
])('an import that goes up is named with both files: %s', (code, told) => {
  expect(upward('market/close.ts', code)).toEqual(told);
});

/** The imports of a file that go up, each as a line that names both files. */
function upward(file: string, code: string): string[] {
  const imported = [...code.matchAll(/(?:\bfrom|\bimport)\s*\(?\s*'(\.[^']*)'/g)].map(([, to = '']) =>
    normalize(join(dirname(file), to)),
  );
  return imported
    .filter((other) => ROOMS.indexOf(roomOf(other)) < ROOMS.indexOf(roomOf(file)))
    .map((other) => `${file} imports ${other}: ${roomOf(file)} is below ${roomOf(other)}`);
}

/** The first folder of a path below src/; the entry points belong to the command line. */
function roomOf(file: string): string {
  return file.includes('/') ? (file.split('/')[0] ?? '') : 'cli';
}
