import { spawn } from 'node:child_process';
import { once } from 'node:events';

/**
 * Waits for its standard input to end: whoever started it is gone then, in whatever way. Every line before names the processes
 * to end. SIGQUIT ends a PostgreSQL at once, and all that belong to it.
 */
const WATCH = `trap '' HUP INT TERM
pids=
while read -r line; do pids=$line; done
for pid in $pids; do kill -QUIT "$pid" 2>/dev/null; done
for pid in $pids; do
  tries=0
  while kill -0 "$pid" 2>/dev/null && [ $tries -lt 60 ]; do sleep 0.1; tries=$((tries + 1)); done
  kill -KILL "$pid" 2>/dev/null
done
rm -rf "$1"`;

/** What ends servers and removes their folder when this process ends, also where it is killed. */
export interface Lifeline {
  holds(pid: number): void;
  /** The process has ended by itself. */
  drops(pid: number): void;
  /** Ends the servers that are left and removes the folder. */
  end(): Promise<void>;
}

/** Watches over a folder and over the servers that keep their files in it. Not on Windows. */
export function lifeline(folder: string): Lifeline {
  const pids = new Set<number>();
  // Apart from this process's group, so that Ctrl-C does not end it too soon.
  const watch = spawn('/bin/sh', ['-c', WATCH, 'lifeline', folder], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
    cwd: '/',
  });
  const ended = once(watch, 'exit');
  watch.unref();
  watch.stdin.on('error', () => {});
  const tell = () => void watch.stdin.write(`${[...pids].join(' ')}\n`);
  return {
    holds: (pid) => {
      pids.add(pid);
      tell();
    },
    drops: (pid) => {
      pids.delete(pid);
      tell();
    },
    end: async () => {
      watch.ref();
      watch.stdin.end();
      await ended;
    },
  };
}
