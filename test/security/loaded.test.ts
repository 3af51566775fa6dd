import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { VARIABLES } from '../../src/settings/environment.ts';
import { temporaryFolder, useStandIn } from '../support/temporary.ts';
import { startYahoo } from '../support/yahoo-server.ts';

const ROOT = join(import.meta.dirname, '../..');

test('a reading of Yahoo loads nothing of the MCP server and the web server that its package brings along', async () => {
  const yahoo = await useStandIn(startYahoo());
  const folder = temporaryFolder();
  const environment = {
    PATH: process.env.PATH,
    ...Object.fromEntries(VARIABLES.map((name) => [name, ''])),
    DATABASE_PATH: join(folder, 'market.db'),
    OUTBOX_DIR: join(folder, 'outbox'),
    YAHOO_FINANCE_URL: yahoo.url,
    BELL_LOADED: join(folder, 'loaded'),
  };
  const child = spawn(
    process.execPath,
    ['--import', join(ROOT, 'test/support/loaded.js'), join(ROOT, 'src/cli.ts'), 'check'],
    { env: environment, cwd: '/', stdio: 'ignore' },
  );
  await once(child, 'exit');
  const packages = readFileSync(environment.BELL_LOADED, 'utf8').match(/(?<=node_modules\/)(@[^/]+\/)?[^/]+/g);
  expect(yahoo.requests.length).toBeGreaterThan(0);
  expect(packages).toContain('yahoo-finance2');
  for (const unused of ['@modelcontextprotocol/sdk', 'express', 'zod', 'fetch-mock-cache', '@deno/shim-deno', 'cors']) {
    expect(packages).not.toContain(unused);
  }
});
