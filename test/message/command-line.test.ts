import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import manifest from '../../package.json' with { type: 'json' };
import { CALLING, callingOf, commandLine, pm2Line } from '../../src/message/command-line.ts';

const SOURCE = join(import.meta.dirname, '../../src');

test.each([
  ['doctor', 'npm run doctor', 'breakout-bell doctor'],
  ['start', 'npm start', 'breakout-bell start'],
  ['daemon', 'npm run daemon', 'breakout-bell daemon'],
  ['daemon stop', 'npm run daemon:stop', 'breakout-bell daemon stop'],
  ['study --sensitivity', 'npm run study -- --sensitivity', 'breakout-bell study --sensitivity'],
  [
    'import ^RUT a.csv --dry-run',
    'npm run import ^RUT a.csv -- --dry-run',
    'breakout-bell import ^RUT a.csv --dry-run',
  ],
])('%s is typed as a person would type it', (call, script, command) => {
  expect(commandLine(call, 'npm run')).toBe(script);
  expect(commandLine(call, 'breakout-bell')).toBe(command);
  expect(commandLine(call, 'npx breakout-bell')).toBe(`npx ${command}`);
});

test('a command of pm2 is one of the package too', () => {
  expect(pm2Line('save', 'npm run')).toBe('npx pm2 save');
  expect(pm2Line('save', 'breakout-bell')).toBe('breakout-bell pm2 save');
});

test('a checkout has npm scripts, the package its own command, npx no command that stays', () => {
  expect(CALLING).toBe('npm run');
  expect([callingOf(false, 'exec'), callingOf(true, 'run-script'), callingOf(true, undefined)]).toEqual([
    'npm run',
    'breakout-bell',
    'breakout-bell',
  ]);
  expect(callingOf(true, 'exec')).toBe('npx breakout-bell');
});

test('no text names a command in one way only, and each that is named is an npm script', () => {
  const files = globSync('**/*.ts', { cwd: SOURCE })
    // They are about npm itself, and about this.
    .filter((file) => !['cli/swallowed.ts', 'message/command-line.ts'].includes(file))
    .map((file) => ({ file, code: readFileSync(join(SOURCE, file), 'utf8').replaceAll(/^\s*(\/\/|\/?\*).*$/gm, '') }));
  expect(files.filter(({ code }) => /npm (run|start)\b/.test(code)).map(({ file }) => file)).toEqual([]);
  const named = files.flatMap(({ code }) => [...code.matchAll(/commandLine\('([^']+)'/g)].map(([, call = '']) => call));
  expect(named.length).toBeGreaterThan(40);
  const scripts = named.map((call) =>
    commandLine(call, 'npm run')
      .replace(/^npm (run )?/, '')
      .replace(/ .*/, ''),
  );
  expect(scripts.filter((script) => !Object.hasOwn(manifest.scripts, script))).toEqual([]);
});
