import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const ROOT = join(import.meta.dirname, '..');
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');
const architecture = read('docs/architecture.md');
const headings = new Set([...architecture.matchAll(/^#+ (.*)$/gm)].map(([, heading]) => heading));

test('every rule that the code cites is a heading of docs/architecture.md', () => {
  const cited = globSync('{src,test,config}/**/*.{ts,js,json,sql}', { cwd: ROOT }).flatMap((path) => {
    const text = read(path).replace(/\n\s*(\*|\/\/|--)?\s*/g, ' ');
    return [...text.matchAll(/docs\/architecture\.md,((?: (?:and )?"[^"]+",?)+)/g)].flatMap(([, names = '']) =>
      [...names.matchAll(/"([^"]+)"/g)].map(([, name]) => ({ path, name })),
    );
  });
  expect(cited.length).toBeGreaterThan(20);
  expect(cited.filter(({ name = '' }) => !headings.has(name))).toEqual([]);
});

test('docs/architecture.md has every room, from the top to the ground', () => {
  const rooms = [...architecture.matchAll(/^\| `([a-z]+)` \|/gm)].map(([, room]) => room);
  const list = read('test/rooms.test.ts').match(/const ROOMS = \[([^\]]*)\]/)?.[1] ?? '';
  expect(rooms.slice(0, 22)).toEqual([...list.matchAll(/'([a-z]+)'/g)].map(([, room]) => room));
});

test('every file of src and test that the pages for contributors name is there', () => {
  const pages = ['docs/architecture.md', 'docs/adding-a-channel.md', 'CONTRIBUTING.md', 'README.md'];
  const named = pages.flatMap((page) =>
    [...read(page).matchAll(/\b(?:src|test)\/[\w./-]+\.(?:ts|js)\b/g)].map(([path]) => path),
  );
  expect(named.length).toBeGreaterThan(20);
  // The guide makes a channel up.
  expect(named.filter((path) => !/pager/.test(path) && globSync(path, { cwd: ROOT }).length === 0)).toEqual([]);
});
