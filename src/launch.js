// Plain JavaScript, so that Node need not load its type stripper (18 MB and 35 ms) for the one file that is compiled
// before the cache is on: everything else comes from the cache, stripped and compiled once. The package from npm has the
// same file beside its JavaScript.
import { existsSync } from 'node:fs';
import module from 'node:module';

/** The oldest Node that strips types by itself and has all that is asked for below; package.json says it too. */
const [MAJOR, MINOR] = [22, 18];

const [major, minor] = process.versions.node.split('.').map(Number);
if (major > MAJOR || (major === MAJOR && minor >= MINOR)) await launch();
else {
  console.error(
    `Breakout Bell needs Node ${MAJOR}.${MINOR} or newer, and this is ${process.versions.node} (${process.execPath}). ` +
      'npm installs the right one on Linux and Windows, and its scripts and the breakout-bell command find it; on a Mac ' +
      'install a newer Node.',
  );
  process.exitCode = 1;
}

async function launch() {
  module.enableCompileCache();
  const own = new URL('.', import.meta.url).href;
  const isSource = existsSync(new URL('cli.ts', own));
  const [ending, format] = isSource ? ['.ts', 'module-typescript'] : ['.js', 'module'];
  // An import of ours is a path to a module. Node would look for links, for the next package.json and for the kind of each
  // one: half of the time that it takes to load two hundred files.
  module.registerHooks({
    resolve: (specifier, context, next) =>
      specifier.startsWith('.') && specifier.endsWith(ending) && context.parentURL?.startsWith(own)
        ? { url: new URL(specifier, context.parentURL).href, format, shortCircuit: true }
        : next(specifier, context),
  });
  await import(new URL(`cli${ending}`, own).href);
}
