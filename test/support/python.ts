import { spawnSync } from 'node:child_process';

/** A Python with pandas; undefined where there is none. Debian's has it where python3-pandas is installed; another one may be first in the path. */
export const PYTHON = ['python3', '/usr/bin/python3'].find(
  (python) => spawnSync(python, ['-c', 'import pandas']).status === 0,
);
