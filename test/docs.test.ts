import { existsSync, globSync, readFileSync } from 'node:fs';
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

const PAGES = ['README.md', 'CONTRIBUTING.md', ...globSync('docs/*.md', { cwd: ROOT })];
const anchorOf = (heading: string) =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N} -]/gu, '')
    .replaceAll(' ', '-');

test('README fits on a few screens, and every page of docs is one step away', () => {
  const lines = read('README.md').split('\n');
  expect(lines.length).toBeLessThanOrEqual(150);
  // People read it on phones and in terminals.
  expect(lines.filter((line) => line.length > 120)).toEqual([]);
  const unlinked = PAGES.filter((page) => page !== 'README.md' && !lines.some((line) => line.includes(`](${page})`)));
  expect(unlinked).toEqual([]);
});

test('no prose of a page runs beyond 120 characters', () => {
  // docs/reliability.md is written by a program.
  const long = PAGES.filter((page) => page !== 'docs/reliability.md').flatMap((page) =>
    read(page)
      .replace(/^```[\s\S]*?^```/gm, '')
      .split('\n')
      .filter((line) => line.length > 120 && !/^(\||!\[)/.test(line))
      .map((line) => `${page}: ${line}`),
  );
  expect(long).toEqual([]);
});

test('every link between pages leads to a file and a heading that are there', () => {
  const broken = PAGES.flatMap((page) =>
    [...read(page).matchAll(/\]\((?!https?:)([^)#\s]*)(?:#([^)]*))?\)/g)].flatMap(([link, path = '', anchor]) => {
      const target = path === '' ? page : join(page, '..', path);
      if (!existsSync(join(ROOT, target))) return [`${page}: ${link}`];
      if (anchor === undefined) return [];
      const anchors = [...read(target).matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) => anchorOf(heading));
      return anchors.includes(anchor) ? [] : [`${page}: ${link}`];
    }),
  );
  expect(broken).toEqual([]);
});
