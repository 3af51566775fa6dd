import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { stripVTControlCharacters } from 'node:util';
import { onTestFinished } from 'vitest';

/** Passes keys and screen between its own pipes and a program on a pseudo-terminal of 100 columns. */
const RELAY = `
import os, pty, sys
size = 'stty cols 100 rows 50; exec "$@"'
sys.exit(os.waitstatus_to_exitcode(pty.spawn(['sh', '-c', size, 'sh', *sys.argv[1:]])))
`;

/** A program on a terminal, and whoever sits at it. */
export interface Keyboard {
  /** Waits until some words are on the screen, of what came since the last key. */
  until(words: RegExp): Promise<void>;
  type(keys: string): void;
  /** Everything that was ever on the screen, without colours and movements. */
  readonly seen: string;
  /** The exit code. */
  readonly ended: Promise<number | null>;
}

/** False where there is no Python to make a pseudo-terminal with. */
export function hasKeyboard(): boolean {
  return spawnSync('python3', ['-c', 'import pty, os; os.waitstatus_to_exitcode']).status === 0;
}

export function atKeyboard(
  command: readonly string[],
  { cwd, env }: { readonly cwd: string; readonly env: Readonly<Record<string, string | undefined>> },
): Keyboard {
  const child = spawn('python3', ['-c', RELAY, ...command], { cwd, env: { ...env, TERM: 'xterm-256color' } });
  // Its end hangs up the terminal.
  onTestFinished(() => void child.kill());
  let seen = '';
  let since = 0;
  let look = () => {};
  child.stdout.setEncoding('utf8').on('data', (text) => {
    seen += text;
    look();
  });
  const ended = once(child, 'close').then(([code]) => code as number | null);
  return {
    until: async (words) => {
      const shown = new Promise<void>((resolve) => {
        look = () => {
          if (words.test(stripVTControlCharacters(seen.slice(since)))) resolve();
        };
        look();
      });
      const end = ended.then((code) => {
        throw new Error(`ended with ${code} before ${words}:\n${stripVTControlCharacters(seen)}`);
      });
      await Promise.race([shown, end]);
    },
    type: (keys) => {
      since = seen.length;
      child.stdin.write(keys);
    },
    get seen() {
      return stripVTControlCharacters(seen);
    },
    ended,
  };
}
