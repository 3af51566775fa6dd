import { execFileSync } from 'node:child_process';
import { cpSync, globSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/*
 * Makes of a checkout what npm packs, as `npm pack` runs it: Node strips no types below node_modules, so the package has
 * JavaScript in `dist`, and beside it npm-shrinkwrap.json, the lock file of a package that is installed.
 */
const ROOT = import.meta.dirname;
/** `npm ci` would take it for the lock file, so it is gone again once the package is made. */
const SHRINKWRAP = join(ROOT, 'npm-shrinkwrap.json');

/** What a package in the lock file asks for. */
interface Locked {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional?: boolean }>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

if (process.argv.includes('--clean')) rmSync(SHRINKWRAP, { force: true });
else {
  compile();
  copyTheRest();
  writeFileSync(SHRINKWRAP, `${JSON.stringify(productionLock(), null, 2)}\n`);
}

/** Types are checked meanwhile; what the browser runs has types of its own. */
function compile(): void {
  rmSync(join(ROOT, 'dist'), { recursive: true, force: true });
  const tsc = join(ROOT, 'node_modules/typescript/bin/tsc');
  const run = (...args: string[]) => execFileSync(process.execPath, [tsc, ...args], { cwd: ROOT, stdio: 'inherit' });
  run('-p', 'tsconfig.build.json');
  run('-p', 'src/dashboard/browser', '--noEmit', 'false', '--rootDir', 'src', '--outDir', 'dist');
}

/** Styles, icon, migrations and the launcher, each in its place. */
function copyTheRest(): void {
  for (const file of globSync('src/**/*.{js,css,svg,sql}', { cwd: ROOT })) {
    cpSync(join(ROOT, file), join(ROOT, 'dist', file.slice('src/'.length)));
  }
}

/** The lock file, as far as its packages can be reached from those that run. */
function productionLock(): object {
  const { packages, ...lock } = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8'));
  const { devDependencies: _, ...root }: Locked = packages[''];
  const kept = new Set<string>();
  const queue = [{ path: '', entry: root }];
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    for (const name of needsOf(next.entry)) {
      const path = foundFrom(next.path, name, packages);
      // npm locks no package of another system that is left out, nor a peer that may be missing.
      if (path === undefined || kept.has(path)) continue;
      kept.add(path);
      queue.push({ path, entry: packages[path] });
    }
  }
  const inOrder = Object.keys(packages).filter((path) => kept.has(path));
  return { ...lock, packages: { '': root, ...Object.fromEntries(inOrder.map((path) => [path, packages[path]])) } };
}

function needsOf({
  dependencies,
  optionalDependencies,
  peerDependencies,
  peerDependenciesMeta = {},
}: Locked): string[] {
  const peers = Object.keys(peerDependencies ?? {}).filter((name) => peerDependenciesMeta[name]?.optional !== true);
  return [...Object.keys({ ...dependencies, ...optionalDependencies }), ...peers];
}

/** Where a package finds another one, as Node looks for it: in its own folder first, then further up. */
function foundFrom(path: string, name: string, packages: Readonly<Record<string, unknown>>): string | undefined {
  for (let at = path; ; at = at.slice(0, Math.max(0, at.lastIndexOf('/node_modules/')))) {
    const found = `${at === '' ? '' : `${at}/`}node_modules/${name}`;
    if (found in packages) return found;
    if (at === '') return undefined;
  }
}
