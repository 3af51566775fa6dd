// What `daemon` hands to pm2. In an ESM package pm2 reads the named export; a default one would be silently empty.
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { IS_CHECKOUT, nodeFlags, ownNode, PROGRAM } from './bin/runtime.js';

/** The folder of settings and data, as `daemon` says it; a bare pm2 finds it as every command does. */
const HOME_FOLDER = resolve(process.env.BREAKOUT_BELL_HOME || (IS_CHECKOUT ? import.meta.dirname : process.cwd()));

/** Every setting, set or not, stands in .env.example. */
const SETTINGS = readFileSync(join(import.meta.dirname, '.env.example'), 'utf8')
  .matchAll(/^#? ?([A-Z][A-Z0-9_]*)=/gm)
  .map(([, name]) => name);

/**
 * What the process needs of the shell: its own settings, and what Node, its proxy, its certificates and its clock take. The
 * rest is none of its business, and pm2 would keep it: `pm2 save` writes the environment into a file.
 */
const KEPT = [
  ...SETTINGS,
  ...['https_proxy', 'http_proxy', 'no_proxy'],
  ...[
    'PATH',
    'Path',
    'HOME',
    'USER',
    'LOGNAME',
    'USERPROFILE',
    'SystemRoot',
    'TMPDIR',
    'TMP',
    'TEMP',
    'TZ',
    'LANG',
    'LC_ALL',
  ],
  ...[
    'NODE_EXTRA_CA_CERTS',
    'NODE_TLS_REJECT_UNAUTHORIZED',
    'NODE_USE_SYSTEM_CA',
    'NODE_COMPILE_CACHE',
    'NODE_OPTIONS',
  ],
  ...['SSL_CERT_FILE', 'SSL_CERT_DIR'],
];
/** What pm2 itself goes by. */
const FOR_PM2 =
  /^(PM2_.*|PWD|SHELL|TERM|COLORTERM|NO_COLOR|FORCE_COLOR|COLUMNS|LINES|XDG_.*|NODE_ENV|APPDATA|HOMEDRIVE|HOMEPATH)$/;

const env = {
  ...Object.fromEntries(KEPT.flatMap((name) => (name in process.env ? [[name, process.env[name]]] : []))),
  BREAKOUT_BELL_HOME: HOME_FOLDER,
};

// For a process that runs already, pm2 7 takes the whole environment of the command, whatever filter_env says (API.js,
// `_operate`). So what it must not keep is taken from the command itself, once pm2 reads this file.
if (/\bpm2\b/.test(process.argv[1] ?? '')) {
  for (const name of Object.keys(process.env)) if (!(name in env) && !FOR_PM2.test(name)) delete process.env[name];
}

export const apps = [
  {
    name: 'breakout-bell',
    script: PROGRAM,
    args: 'start',
    // Small memory rather than speed, as the process sleeps nearly all its life: no optimizing compilers, a small young
    // generation, and garbage collected after each round. The flags stand in package.json, Dockerfile and docs/boot.md.
    node_args: nodeFlags('start'),
    cwd: HOME_FOLDER,
    // Nothing of the shell (every name contains ''; `true` has no effect in pm2 7) but what is named here.
    filter_env: [''],
    env,
    // pm2 would run it on whatever Node it runs on itself.
    interpreter: ownNode(),
    // pm2's own probes inside the process would cost memory and wake it up every second.
    pmx: false,
    vizion: false,
    exec_mode: 'fork',
    instances: 1,
    merge_logs: true,
    // "Ready" is said once the schedule is set.
    wait_ready: true,
    listen_timeout: 15_000,
    // The current round gets 25 s to end; see STOP_WITHIN in src/daemon/stop.ts.
    kill_timeout: 30_000,
    // A process that dies is started again after 1 s, 1.5 s … 15 s, for ever: what kept it down may pass.
    exp_backoff_restart_delay: 1000,
    max_restarts: Number.MAX_SAFE_INTEGER,
  },
];
