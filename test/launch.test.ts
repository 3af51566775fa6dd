import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import manifest from '../package.json' with { type: 'json' };

const LAUNCH = join(import.meta.dirname, '../src/launch.js');

/** Starts the program on a Node that says that it has another version. */
function launchedOn(version: string) {
  const pretend = `data:text/javascript,Object.defineProperty(process.versions,'node',{value:'${version}'})`;
  return promisify(execFile)(process.execPath, ['--import', pretend, LAUNCH, '--version']).then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    ({ code, stdout, stderr }) => ({ code, stdout, stderr }),
  );
}

test('the oldest Node is the one in package.json', () => {
  const [, major, minor] = /^const \[MAJOR, MINOR\] = \[(\d+), (\d+)\];$/m.exec(readFileSync(LAUNCH, 'utf8')) ?? [];
  expect(manifest.engines.node).toBe(`>=${major}.${minor}`);
});

test.each(['20.20.2', '22.17.1'])('Node %s is refused in one line, with the cure', async (version) => {
  const { code, stdout, stderr } = await launchedOn(version);
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr).toMatch(
    new RegExp(`^Breakout Bell needs Node 22\\.18 or newer, and this is ${version} \\(.*install a newer Node\\.\\n$`),
  );
});

test.each(['22.18.0', '24.0.0', '26.1.0'])('Node %s is taken', async (version) => {
  expect(await launchedOn(version)).toEqual({ code: 0, stdout: expect.stringContaining(version), stderr: '' });
});
