import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { VARIABLES } from '../../src/settings/environment.ts';

const ROOT = join(import.meta.dirname, '../..');

/** How a command of the real program ended. */
export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Runs `node src/cli.ts …` with nothing in its environment but what is given. An `.env` of the checkout is kept out. */
export function runCli(args: readonly string[], env: Readonly<Record<string, string>>): Promise<Ended> {
  const blank = Object.fromEntries(VARIABLES.map((name) => [name, '']));
  const child = spawn(process.execPath, [join(ROOT, 'src/cli.ts'), ...args], {
    env: { PATH: process.env.PATH, ...blank, ...env },
    cwd: '/',
  });
  return new Promise((resolve, reject) => {
    const texts = { out: '', err: '' };
    child.stdout.on('data', (chunk) => {
      texts.out += chunk;
    });
    child.stderr.on('data', (chunk) => {
      texts.err += chunk;
    });
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, ...texts }));
  });
}
