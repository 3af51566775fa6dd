import type { Life } from './life.ts';

/** How long the current round may take to end; `kill_timeout` in ecosystem.config.js is longer. */
const STOP_WITHIN = 25_000;
/** npm passes Ctrl-C on to a process that has it from the terminal already: one keystroke, told twice. */
const ECHO_MS = 100;

/** A signal that has told the process to stop. */
interface Told {
  readonly signal: string;
  /** Epoch milliseconds. */
  readonly at: number;
}

/** Lets SIGINT and SIGTERM end a daemon: what is under way is waited for, a second signal ends it at once. */
export function stopOnSignals(life: Life): void {
  const { log } = life;
  let told: Told | undefined;
  const stop = (signal: string) => {
    if (told !== undefined) {
      if (isEcho(told, signal, Date.now())) return;
      log.warn({ signal }, 'told twice: ending at once');
      process.exit(1);
    }
    told = { signal, at: Date.now() };
    life.stopping.abort();
    log.info({ signal, during: life.during }, 'stopping');
    setTimeout(() => {
      log.error({ during: life.during }, `the round did not end within ${STOP_WITHIN / 1000} s`);
      process.exit(1);
    }, STOP_WITHIN).unref();
    life.end().then(() => {
      log.info('stopped');
      process.exit(0);
    }, life.die);
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
}

/** True when a signal is the same one again, not a person's second. */
export function isEcho(told: Told, signal: string, now: number): boolean {
  return signal === told.signal && now - told.at < ECHO_MS;
}
