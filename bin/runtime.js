// What runs, on which Node, with which of its flags: for the command, and for pm2. Any Node that npm runs on can read it.
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

/** Whether this is a checkout, which runs its source; the package from npm has none. */
export const IS_CHECKOUT = existsSync(new URL('../src/launch.js', import.meta.url));

/** The program as Node starts it. */
export const PROGRAM = fileURLToPath(new URL(IS_CHECKOUT ? '../src/launch.js' : '../dist/launch.js', import.meta.url));

/** The Node that is locked beside it; where there is none (a Mac), the one that runs this. */
export function ownNode() {
  const name = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`;
  const binary = process.platform === 'win32' ? 'node.exe' : 'node';
  try {
    return createRequire(import.meta.url).resolve(`${name}/bin/${binary}`);
  } catch {
    return process.execPath;
  }
}

/** The flags of Node that a command runs with: those of the npm script of its name. */
export function nodeFlags(command) {
  const { scripts } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  const words = Object.hasOwn(scripts, command ?? '') ? scripts[command].split(' ') : [];
  return words.filter((word) => word.startsWith('--'));
}
