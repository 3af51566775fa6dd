import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { PYTHON } from '../support/python.ts';
import { middle } from './figures.ts';

const SCRIPT = join(import.meta.dirname, 'with_pandas.py');
/** Milliseconds of a task of with_pandas.py, by its own clock; undefined where there is no pandas. */
export function pandasMs(task: string, folder: string): number | undefined {
  if (PYTHON === undefined) return undefined;
  return Number(run(PYTHON, task, folder));
}

/** Milliseconds of a whole process with it, as a command is timed. */
export function pandasProcessMs(task: string, folder: string, runs: number): number | undefined {
  const python = PYTHON;
  if (python === undefined) return undefined;
  const times = Array.from({ length: runs }, () => {
    const began = performance.now();
    run(python, task, folder);
    return performance.now() - began;
  });
  return middle(times);
}

function run(python: string, task: string, folder: string): string {
  const { status, stdout, stderr } = spawnSync(python, [SCRIPT, task, folder], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`with_pandas.py ${task}: ${stderr}`);
  return stdout;
}
