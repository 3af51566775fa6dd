import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { onTestFinished } from 'vitest';
import { VARIABLES } from '../../src/settings/environment.ts';
import { writeCloses } from './closes-folder.ts';
import { temporaryFolder } from './temporary.ts';

interface Line {
  readonly msg: string;
  readonly why?: string;
  readonly asOf?: string;
  readonly page?: string;
  readonly [field: string]: unknown;
}

/** A real daemon in a process of its own. */
export class Running {
  readonly lines: Line[] = [];
  readonly child: ChildProcess;
  readonly exit: Promise<unknown[]>;
  readonly #waiting = new Set<() => void>();

  constructor(env: Readonly<Record<string, string>>) {
    const blank = Object.fromEntries(VARIABLES.map((name) => [name, '']));
    this.child = spawn(process.execPath, [join(import.meta.dirname, '../../src/launch.js'), 'start'], {
      env: { PATH: process.env.PATH, ...blank, DASHBOARD_PORT: '0', ...env },
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    this.exit = once(this.child, 'close');
    onTestFinished(() => void this.child.kill('SIGKILL'));
    if (this.child.stderr === null) throw new Error('no standard error');
    createInterface({ input: this.child.stderr }).on('line', (line) => {
      this.lines.push(line.startsWith('{') ? JSON.parse(line) : { msg: line });
      for (const look of this.#waiting) look();
    });
  }

  /** The first line that says so, when it comes. */
  says(words: string | RegExp): Promise<Line> {
    return new Promise((resolve) => {
      const look = () => {
        const line = this.lines.find(({ msg }) => (typeof words === 'string' ? msg === words : words.test(msg)));
        if (line !== undefined) resolve(line);
      };
      this.#waiting.add(look);
      look();
    });
  }
}

/** The settings of a bot that reads closes from files, and writes to a folder. */
export async function csvWorld(): Promise<Record<string, string>> {
  const folder = temporaryFolder();
  await writeCloses(folder, '2025-09-17', '2020-01-01');
  return {
    DATABASE_PATH: join(folder, 'market.db'),
    MARKET_SOURCE: 'csv',
    MARKET_CSV_DIR: folder,
    OUTBOX_DIR: join(folder, 'outbox'),
  };
}
