import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, openSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { describe, expect, onTestFinished, test } from 'vitest';
import { VARIABLES } from '../../src/settings/environment.ts';
import { writeCloses } from '../support/closes-folder.ts';
import { temporaryFolder } from '../support/temporary.ts';

const LAUNCH = join(import.meta.dirname, '../../src/launch.js');
const CLOCK = join(import.meta.dirname, '../support/clock.js');
const ALERT = '2025-09-18-russell-2000-alert.txt';

/** A folder of closes up to the evening of the event, and what a process needs to look at them on that evening. */
async function evening(): Promise<{ outbox: string; environment: Record<string, string> }> {
  const folder = temporaryFolder();
  const environment = {
    PATH: process.env.PATH ?? '',
    ...Object.fromEntries(VARIABLES.map((name) => [name, ''])),
    DATABASE_PATH: join(folder, 'market.db'),
    MARKET_SOURCE: 'csv',
    MARKET_CSV_DIR: folder,
    OUTBOX_DIR: join(folder, 'outbox'),
    DASHBOARD_PORT: '0',
    BELL_NOW: '2025-09-18T20:45:00Z',
  };
  await writeCloses(folder, '2025-09-18');
  return { outbox: join(folder, 'outbox'), environment };
}

function start(args: string[], environment: Record<string, string>, stdio: (number | 'ignore' | 'pipe')[]) {
  const child = spawn(process.execPath, ['--import', CLOCK, LAUNCH, ...args], { env: environment, cwd: '/', stdio });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await setTimeout(20);
}

describe.skipIf(!existsSync('/dev/full'))('the daemon', () => {
  test.each([
    ['a full disk under its log', false],
    ['nobody who reads its log', true],
  ])('tells the event with %s, and stops when it is told to', async (_, closed) => {
    const { outbox, environment } = await evening();
    const child = start(['start'], environment, ['ignore', 'ignore', closed ? 'pipe' : openSync('/dev/full', 'w')]);
    child.stderr?.destroy();
    const exit = once(child, 'exit');
    await until(() => existsSync(join(outbox, ALERT)) || child.exitCode !== null);
    expect(readdirSync(outbox)).toContain(ALERT);
    child.kill('SIGTERM');
    expect(await exit).toEqual([0, null]);
  });
});

describe.skipIf(!existsSync('/dev/full'))('a command', () => {
  test('whose answer is on a full disk has done its work, says so, and fails', async () => {
    const { outbox, environment } = await evening();
    const child = start(['check', '--json'], environment, ['ignore', openSync('/dev/full', 'w'), 'pipe']);
    let said = '';
    child.stderr?.on('data', (chunk) => {
      said += chunk;
    });
    expect(await once(child, 'close')).toEqual([1, null]);
    expect(said).toMatch(
      /^Standard output could not be written \(ENOSPC: .*\); the command itself was carried out\.$/m,
    );
    expect(readdirSync(outbox)).toContain(ALERT);
  });

  test('whose reader leaves early has done its work, without a word', async () => {
    const { outbox, environment } = await evening();
    const child = start(['check'], environment, ['ignore', 'pipe', 'pipe']);
    child.stdout?.destroy();
    let said = '';
    child.stderr?.on('data', (chunk) => {
      said += chunk;
    });
    expect(await once(child, 'close')).toEqual([0, null]);
    expect(said).not.toMatch(/EPIPE|Error| at /);
    expect(readdirSync(outbox)).toContain(ALERT);
  });

  test('whose remarks are on a full disk has done its work', async () => {
    const { outbox, environment } = await evening();
    const remarked = { ...environment, SMTP_URL: '', NODE_TLS_REJECT_UNAUTHORIZED: '0' };
    const child = start(['check'], remarked, ['ignore', 'ignore', openSync('/dev/full', 'w')]);
    expect(await once(child, 'close')).toEqual([0, null]);
    expect(readdirSync(outbox)).toContain(ALERT);
  });
});
