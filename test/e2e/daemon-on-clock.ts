import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { onTestFinished } from 'vitest';
import { VARIABLES } from '../../src/settings/environment.ts';

/** The library that gives a process another clock; undefined where it is not installed. */
export const FAKETIME = ['x86_64', 'aarch64']
  .map((machine) => `/usr/lib/${machine}-linux-gnu/faketime/libfaketime.so.1`)
  .find((path) => existsSync(path));

/** A line of the daemon's log. */
export interface Line {
  readonly time: string;
  readonly level: number;
  readonly msg: string;
  readonly why?: string;
  readonly [field: string]: unknown;
}

/** A real daemon on a clock of its own. */
export interface DaemonOnClock {
  readonly child: ChildProcess;
  readonly lines: readonly Line[];
  /** The first line that is so, when it comes. */
  line(isSo: (line: Line) => boolean): Promise<Line>;
  readonly exit: Promise<unknown[]>;
}

/** Starts `npm start` at an instant, in UTC so that the clock of the machine has no say. */
export function startOnClock(startAt: string, environment: Readonly<Record<string, string>>): DaemonOnClock {
  const blank = Object.fromEntries(VARIABLES.map((name) => [name, '']));
  const child = spawn(process.execPath, [join(import.meta.dirname, '../../src/launch.js'), 'start'], {
    env: {
      PATH: process.env.PATH,
      ...blank,
      TZ: 'UTC',
      LD_PRELOAD: FAKETIME,
      FAKETIME: `@${startAt}`,
      DONT_FAKE_MONOTONIC: '1',
      DASHBOARD_PORT: '0',
      ...environment,
    },
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const lines: Line[] = [];
  const waiting = new Set<() => void>();
  createInterface({ input: child.stderr as NodeJS.ReadableStream }).on('line', (text) => {
    lines.push(text.startsWith('{') ? JSON.parse(text) : { time: '', level: 0, msg: text });
    for (const look of waiting) look();
  });
  return {
    child,
    lines,
    exit: once(child, 'close'),
    line: (isSo) =>
      new Promise((resolve) => {
        const look = () => {
          const found = lines.find(isSo);
          if (found !== undefined) resolve(found);
        };
        waiting.add(look);
        look();
      }),
  };
}
