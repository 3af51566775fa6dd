import type { Logger } from 'pino';

/** What the parts of one daemon share from its start to its end. */
export interface Life {
  readonly log: Logger;
  /** Aborted once it is told to stop. */
  readonly stopping: AbortController;
  /** What goes on, for the log's last words. */
  during: string;
  /** Ends the process, as nobody expected this. */
  readonly die: (error: unknown) => void;
  /** Does something at the end: last in, first out. */
  readonly atEnd: (free: () => unknown) => void;
  /** Does all of that; one that fails keeps no other from its turn. */
  readonly end: () => Promise<void>;
}

/** Begins a daemon's life: from now on an error that nobody expected ends the process. */
export function beginLife(log: Logger): Life {
  const releasers: (() => unknown)[] = [];
  const life: Life = {
    log,
    stopping: new AbortController(),
    during: 'starting',
    die: (err) => {
      log.fatal({ err, during: life.during }, 'ended by an error that nobody expected');
      process.exit(1);
    },
    atEnd: (free) => void releasers.push(free),
    end: () => release(releasers),
  };
  process.on('uncaughtException', life.die);
  process.on('unhandledRejection', life.die);
  return life;
}

async function release(releasers: (() => unknown)[]): Promise<void> {
  const failures: unknown[] = [];
  for (const free of releasers.toReversed()) {
    try {
      await free();
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw failures[0];
}
