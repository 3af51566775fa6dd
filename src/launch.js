// Plain JavaScript, so that Node need not load its type stripper (18 MB and 35 ms) for the one file that is compiled
// before the cache is on: everything else comes from the cache, stripped and compiled once.
import { enableCompileCache } from 'node:module';

enableCompileCache();
await import('./cli.ts');
