import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { VARIABLES } from '../../src/settings/environment.ts';
import type { Stage } from './stage.ts';

const SUPPORT = join(import.meta.dirname, '../support');
/** As `npm start` has them, without what only saves memory. */
const LOOK_MS = 3;
/** However busy the machine is: what takes longer, in real milliseconds, hangs. */
const LONGEST = 120_000;

export interface BellOptions {
  /** A pulse of the daemon's, milliseconds by its clock. Its own is a minute. */
  readonly pulse?: number;
  /** False: the harness moves the clock, not the daemon from timer to timer. */
  readonly isOnItsOwn?: boolean;
  /** True: pictures are drawn. */
  readonly pictures?: boolean;
  /** Flags of Node, as the scripts of package.json have them. */
  readonly flags?: readonly string[];
  /** Variables beside those of the stage. */
  readonly environment?: Readonly<Record<string, string>>;
  /** What it is started by: `['unshare', …]`. */
  readonly wrapper?: readonly string[];
  /** True: its log is kept too. */
  readonly keepsLog?: boolean;
}

/** A real process of the program on the clock of a stage. */
export class Bell {
  readonly child: ChildProcess;
  readonly exit: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  readonly #stage: Stage;
  #said = '';
  #ended = false;

  private constructor(stage: Stage, command: string, options: BellOptions) {
    const { pulse = 61 * 60_000, isOnItsOwn = true, pictures = false, flags = [], wrapper = [] } = options;
    const blank = Object.fromEntries(VARIABLES.map((name) => [name, '']));
    const imports = ['steered-clock.js', ...(pictures ? [] : ['quick-pictures.js'])];
    const node = [...flags, ...imports.flatMap((name) => ['--import', join(SUPPORT, name)])];
    this.#stage = stage;
    const [program = '', ...args] = [...wrapper, process.execPath, ...node, join(stage.root, 'src/launch.js'), command];
    this.child = spawn(program, args, {
      env: {
        PATH: process.env.PATH,
        NODE_COMPILE_CACHE: join(stage.root, 'compiled'),
        ...blank,
        ...stage.environment,
        ...options.environment,
        BELL_CLOCK: stage.clock.path,
        ...(command === 'start' ? { BELL_STEPS: isOnItsOwn ? '1' : '', BELL_PULSE: String(pulse) } : {}),
      },
      cwd: '/',
      stdio: ['ignore', options.keepsLog ? 'pipe' : 'ignore', 'pipe'],
    });
    const longest = options.keepsLog ? 40_000 : 4000;
    for (const stream of [this.child.stdout, this.child.stderr])
      stream?.on('data', (chunk) => {
        this.#said = `${this.#said}${chunk}`.slice(-longest);
      });
    this.exit = once(this.child, 'exit').then(([code, signal]) => {
      this.#ended = true;
      return { code, signal };
    });
  }

  /** Starts `check`. */
  static check(stage: Stage, options: BellOptions = {}): Bell {
    return new Bell(stage, 'check', options);
  }

  /** Starts the daemon. From now on it moves the clock. */
  static daemon(stage: Stage, options: BellOptions = {}): Bell {
    return new Bell(stage, 'start', options);
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  get ended(): boolean {
    return this.#ended;
  }

  /** The last that it wrote to standard error, or logged where that is kept. */
  get said(): string {
    return this.#said;
  }

  kill(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  /**
   * Lets the daemon live to an instant, epoch milliseconds.
   * @returns false where it ended before
   * @throws {Error} where it hangs
   */
  async goOnTo(instant: number): Promise<boolean> {
    const { clock } = this.#stage;
    clock.goOnTo(instant);
    let [seen, since] = [clock.now(), performance.now()];
    while (!clock.hasReached(instant)) {
      if (this.#ended) return false;
      await setTimeout(LOOK_MS);
      const now = clock.now();
      if (now > seen + 60_000) [seen, since] = [now, performance.now()];
      if (performance.now() - since > LONGEST) {
        this.kill('SIGKILL');
        throw new Error(`the daemon hangs at ${new Date(clock.now()).toISOString()}: ${this.#said}`);
      }
    }
    return true;
  }

  /** Tells the daemon to stop, and waits for its end. */
  async stop(): Promise<void> {
    this.kill('SIGTERM');
    await this.ending();
  }

  /**
   * Waits for its end.
   * @throws {Error} where it does not come
   */
  async ending(): Promise<{ code: number | null; signal: NodeJS.Signals | null }> {
    const patience = new AbortController();
    const hangs = setTimeout(LONGEST, undefined, { signal: patience.signal }).then(
      () => true,
      () => false,
    );
    try {
      if (await Promise.race([this.exit.then(() => false), hangs])) {
        this.kill('SIGKILL');
        throw new Error(`the process does not end: ${this.#said}`);
      }
      return await this.exit;
    } finally {
      patience.abort();
    }
  }
}
