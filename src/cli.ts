import { enableCompileCache } from 'node:module';

// Before anything else is imported: start-up is mostly compiling, and compiled once is compiled for ever.
enableCompileCache();
// Whatever is written from here on is its owner's alone: the database and the messages name every recipient. The cache
// above is made before, as all users of a machine share its folder.
process.umask(0o077);
const { main } = await import('./cli/main.ts');
await main(process.argv.slice(2));
