// Plain JavaScript, so that Node need not load its type stripper (18 MB and 35 ms) for the one file that is compiled
// before the cache is on: everything else comes from the cache, stripped and compiled once.
import { enableCompileCache, registerHooks } from 'node:module';

enableCompileCache();
// An import of ours is a path to a module in TypeScript. Node would look for links, for the next package.json and for the
// kind of each one: half of the time that it takes to load two hundred files.
registerHooks({
  resolve: (specifier, context, next) =>
    specifier.startsWith('.') && specifier.endsWith('.ts')
      ? { url: new URL(specifier, context.parentURL).href, format: 'module-typescript', shortCircuit: true }
      : next(specifier, context),
});
await import('./cli.ts');
