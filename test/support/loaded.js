// node --import loaded.js: writes the addresses of all modules that the process has loaded to the file BELL_LOADED, a line each.
import { writeFileSync } from 'node:fs';
import { registerHooks } from 'node:module';

const loaded = [];
registerHooks({
  load: (url, context, next) => {
    loaded.push(url);
    return next(url, context);
  },
});
process.on('exit', () => writeFileSync(process.env.BELL_LOADED, loaded.join('\n')));
