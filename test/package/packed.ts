import { type ExecFileException, execFile } from 'node:child_process';
import { cpSync, globSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import manifest from '../../package.json' with { type: 'json' };

const ROOT = join(import.meta.dirname, '../..');

/** How a program ended. */
export interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs a program with nothing in its environment but what is given. */
function run(
  program: string,
  args: readonly string[],
  { cwd, env = {} }: { readonly cwd: string; readonly env?: Readonly<Record<string, string>> },
): Promise<Ended> {
  const clean = { PATH: process.env.PATH, HOME: cwd, NO_COLOR: '1', ...env };
  return new Promise((resolve) => {
    execFile(program, args, { cwd, env: clean, maxBuffer: 2 ** 26 }, (error: ExecFileException | null, out, err) =>
      resolve({ code: Number(error?.code ?? 0), out, err }),
    );
  });
}

/** What npm would publish of this checkout: the packed file, and the paths in it. Nothing is written to the checkout. */
export async function pack(folder: string): Promise<{ readonly file: string; readonly paths: readonly string[] }> {
  const checkout = join(folder, 'checkout');
  const tracked = ['src', 'bin', 'config', 'test/package', '.env.example', ...dataFiles(), ...atRoot()];
  for (const name of [...tracked, ...globSync('docs/**/*.{md,png}', { cwd: ROOT })]) {
    mkdirSync(dirname(join(checkout, name)), { recursive: true });
    cpSync(join(ROOT, name), join(checkout, name), { recursive: true });
  }
  symlinkSync(join(ROOT, 'node_modules'), join(checkout, 'node_modules'));
  // What lies in a checkout that is used, and is nobody else's business.
  for (const name of ['.env', 'data/market.db', 'data/mine.csv', 'dist/left-over.js']) {
    mkdirSync(dirname(join(checkout, name)), { recursive: true });
    writeFileSync(join(checkout, name), 'private');
  }
  const env = { npm_config_cache: join(folder, 'npm'), npm_config_offline: 'true' };
  const packed = await run('npm', ['pack', '--json', '--silent'], { cwd: checkout, env });
  if (packed.code !== 0) throw new Error(`npm pack ended with ${packed.code}:\n${packed.out}\n${packed.err}`);
  const answer = JSON.parse(packed.out.slice(packed.out.search(/^[[{]/m)));
  const [{ filename, files }] = Array.isArray(answer) ? answer : Object.values<typeof answer>(answer);
  return { file: join(checkout, filename), paths: files.map(({ path }: { readonly path: string }) => path) };
}

/** The files of data/ that the configuration names. */
export function dataFiles(): string[] {
  const config = readFileSync(join(ROOT, 'config/signals.json'), 'utf8');
  return [...config.matchAll(/"(data\/[^"]+)"/g)].map(([, path = '']) => path);
}

function atRoot(): string[] {
  return readdirSync(ROOT).filter((name) => /\.(js|ts|json|md)$|^LICENSE$/.test(name) && name !== 'bench.json');
}

/** Puts a packed file where npm would, with the dependencies that it names beside it. @returns the package's folder */
export async function install(file: string, folder: string, { withNode = true } = {}): Promise<string> {
  const modules = join(folder, 'node_modules');
  const own = join(modules, 'breakout-bell');
  mkdirSync(own, { recursive: true });
  const { code, err } = await run('tar', ['-xzf', file, '--strip-components=1'], { cwd: own });
  if (code !== 0) throw new Error(err);
  const runtimes = readdirSync(join(ROOT, 'node_modules')).filter((name) => /^node-(linux|win)-/.test(name));
  for (const name of [...Object.keys(manifest.dependencies), ...(withNode ? runtimes : [])]) {
    mkdirSync(dirname(join(modules, name)), { recursive: true });
    symlinkSync(join(ROOT, 'node_modules', name), join(modules, name));
  }
  return own;
}

/** The command of an installed package, as a shell in some folder calls it on this Node. */
export function bell(
  own: string,
  cwd: string,
  env: Readonly<Record<string, string>> = {},
  flags: readonly string[] = [],
) {
  return (...args: string[]): Promise<Ended> =>
    run(process.execPath, [...flags, join(own, 'bin/breakout-bell.js'), ...args], { cwd, env });
}
