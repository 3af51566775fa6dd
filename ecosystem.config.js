// What `npm run daemon` hands to pm2. In an ESM package pm2 reads the named export; a default one would be silently empty.
import { createRequire } from 'node:module';

/** The Node of the lock file; where there is none (a Mac), the one that pm2 runs on. */
function pinnedNode() {
  const name = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`;
  const binary = process.platform === 'win32' ? 'node.exe' : 'node';
  try {
    return createRequire(import.meta.url).resolve(`${name}/bin/${binary}`);
  } catch {
    return process.execPath;
  }
}

export const apps = [
  {
    name: 'breakout-bell',
    script: 'src/launch.js',
    args: 'start',
    // Small memory rather than speed, as the process sleeps nearly all its life: no optimizing compilers, a small young
    // generation, and garbage collected after each round. The same flags stand in package.json, Dockerfile and README.
    node_args: '--expose-gc --max-semi-space-size=1 --no-opt --no-maglev',
    cwd: import.meta.dirname,
    // pm2 would run it on whatever Node it runs on itself.
    interpreter: pinnedNode(),
    // pm2's own probes inside the process would cost memory and wake it up every second.
    pmx: false,
    vizion: false,
    exec_mode: 'fork',
    instances: 1,
    merge_logs: true,
    // "Ready" is said once the schedule is set.
    wait_ready: true,
    listen_timeout: 15_000,
    // The current round gets 25 s to end; see STOP_WITHIN in src/daemon.ts.
    kill_timeout: 30_000,
    // A process that dies is started again after 1 s, 1.5 s … 15 s, for ever: what kept it down may pass.
    exp_backoff_restart_delay: 1000,
    max_restarts: Number.MAX_SAFE_INTEGER,
  },
];
