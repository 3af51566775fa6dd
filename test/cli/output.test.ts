import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';

test('a reader that closes the pipe early, as head does, is no error', async () => {
  const child = spawn(process.execPath, [join(import.meta.dirname, '../../src/cli.ts'), 'demo'], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  child.stdout.once('data', () => child.stdout.destroy());
  const [err, [code]] = await Promise.all([text(child.stderr), once(child, 'close')]);
  expect([err, code]).toEqual(['', 0]);
});
