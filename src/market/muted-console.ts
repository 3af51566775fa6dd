const METHODS = ['log', 'info', 'warn', 'error', 'dir'] as const;

let running = 0;
let spoken: Partial<typeof console> = {};

/**
 * Runs a task while the console is silent. yahoo-finance2 (4.0.2, validate/types/object.js) prints its schema past every
 * logger when an answer has the wrong shape, and `--json` must print one document. This program itself never uses the
 * console: it writes to its streams.
 */
export async function withMutedConsole<T>(task: () => Promise<T>): Promise<T> {
  if (running++ === 0) {
    spoken = Object.fromEntries(METHODS.map((method) => [method, console[method]]));
    for (const method of METHODS) console[method] = () => {};
  }
  try {
    return await task();
  } finally {
    if (--running === 0) Object.assign(console, spoken);
  }
}
