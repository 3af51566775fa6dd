import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { startHttp } from './http.ts';
import { temporaryFolder, useStandIn } from './temporary.ts';

describe('what a test leaves behind', () => {
  let folder = '';
  let url = '';

  test('a folder and a server exist during the test', async () => {
    folder = temporaryFolder();
    writeFileSync(join(folder, 'file.txt'), 'text');
    const server = await useStandIn(startHttp((_request, response) => void response.end('hello')));
    url = `http://127.0.0.1:${server.port}`;
    expect(await (await fetch(url)).text()).toBe('hello');
  });

  test('both are gone after it', async () => {
    expect(existsSync(folder)).toBe(false);
    await expect(fetch(url)).rejects.toThrow('fetch failed');
  });
});

test('an error of the handler is told as a 500', async () => {
  const server = await useStandIn(startHttp(() => Promise.reject(new Error('bad tweak'))));
  const response = await fetch(`http://127.0.0.1:${server.port}`);
  expect(response.status).toBe(500);
  expect(await response.text()).toContain('bad tweak');
});
