import { readFileSync } from 'node:fs';
import { createRequire, stripTypeScriptTypes } from 'node:module';
import { extname, join, posix } from 'node:path';

const SOURCE = join(import.meta.dirname, '..');
/** `.ts` in a checkout, `.js` in the package from npm. */
const ENDING = extname(import.meta.filename);
/** What the page runs, below the source. */
export const ENTRY = `dashboard/browser/page${ENDING}`;

/** A file that the page asks for. */
export interface Asset {
  readonly type: string;
  readonly body: Uint8Array<ArrayBuffer>;
}

const require = createRequire(import.meta.url);
const PACKAGED: Readonly<Record<string, { readonly type: string; readonly file: string }>> = {
  'echarts.mjs': { type: 'text/javascript', file: 'echarts/dist/echarts.esm.min.mjs' },
  'quickselect.mjs': { type: 'text/javascript', file: 'quickselect' },
  'inter.ttf': { type: 'font/ttf', file: '@expo-google-fonts/inter/400Regular/Inter_400Regular.ttf' },
  'inter-bold.ttf': { type: 'font/ttf', file: '@expo-google-fonts/inter/700Bold/Inter_700Bold.ttf' },
};
const CSS = 'text/css; charset=utf-8';
/** Files beside this one. */
const OWN: Readonly<Record<string, string>> = {
  'page.css': CSS,
  'signal-page.css': CSS,
  'operations-page.css': CSS,
  'icon.svg': 'image/svg+xml',
};

/** How the browser finds the packages that its modules name. */
export const IMPORT_MAP = JSON.stringify({
  imports: { 'echarts/dist/echarts.esm.min.mjs': '/assets/echarts.mjs', quickselect: '/assets/quickselect.mjs' },
});

/** The file with this name; undefined where the page has no such file. */
export function asset(name: string): Asset | undefined {
  const packaged = Object.hasOwn(PACKAGED, name) ? PACKAGED[name] : undefined;
  if (packaged !== undefined) return { type: packaged.type, body: bytes(readFileSync(require.resolve(packaged.file))) };
  const type = Object.hasOwn(OWN, name) ? OWN[name] : undefined;
  return type === undefined ? undefined : { type, body: bytes(readFileSync(join(import.meta.dirname, name))) };
}

/** The modules that the page runs, by their path below the source. */
let modules: ReadonlyMap<string, string> | undefined;

/** A module of the page as JavaScript; undefined for every file that the page does not import. */
export function pageModule(path: string): string | undefined {
  return pageModules().get(path);
}

/**
 * The page's own modules and all that they import: the same files that draw the pictures. Their types are taken out when
 * the page is first asked for, so a checkout needs no build; and nothing that is not among them can be asked for.
 */
export function pageModules(): ReadonlyMap<string, string> {
  if (modules !== undefined) return modules;
  const found = new Map<string, string>();
  const queue = [ENTRY];
  for (let path = queue.pop(); path !== undefined; path = queue.pop()) {
    if (found.has(path)) continue;
    const text = readFileSync(join(SOURCE, path), 'utf8');
    const code = ENDING === '.ts' ? withoutTypes(text) : text;
    found.set(path, code);
    for (const [, imported = ''] of code.matchAll(/^(?:import|export)\b[^;]*?from '(\.[^']+)'/gm)) {
      queue.push(posix.join(posix.dirname(path), imported));
    }
  }
  modules = found;
  return found;
}

/** Node strips types of its own programs without a word, but warns where a program asks for it. */
function withoutTypes(code: string): string {
  const { emitWarning } = process;
  process.emitWarning = () => {};
  try {
    return stripTypeScriptTypes(code);
  } finally {
    process.emitWarning = emitWarning;
  }
}

function bytes(buffer: Buffer): Uint8Array<ArrayBuffer> {
  return new Uint8Array(buffer);
}
