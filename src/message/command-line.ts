/** The package from npm is JavaScript; a checkout runs its TypeScript. */
export const IS_PACKAGE = import.meta.filename.endsWith('.js');

/** How the program is called: as npm scripts of a checkout, or by its name, where npm has installed it. */
export type Calling = 'npm run' | 'npx breakout-bell' | 'breakout-bell';

/** How this process's own program is called. */
export const CALLING: Calling = callingOf(IS_PACKAGE, process.env.npm_command);

/** @param npmCommand what npm says that it does; `exec` is npx's, which puts no program on the PATH */
export function callingOf(isPackage: boolean, npmCommand: string | undefined): Calling {
  if (!isPackage) return 'npm run';
  return npmCommand === 'exec' ? 'npx breakout-bell' : 'breakout-bell';
}

/**
 * The line that a person types to call a command, for errors, hints and messages.
 * @param call the command and its arguments: `doctor`, `daemon stop`, `study --sensitivity`
 */
export function commandLine(call: string, calling = CALLING): string {
  if (calling !== 'npm run') return `${calling} ${call}`;
  if (call === 'start') return 'npm start';
  // The npm script of an action has a colon; options would be npm's own without the dashes before them.
  return `npm run ${call.replace(/^daemon (?=stop|logs|status)/, 'daemon:').replace(/ (?=--)/, ' -- ')}`;
}

/** The same for a command of pm2's: of the package from npm no pm2 is on the PATH. */
export function pm2Line(words: string, calling = CALLING): string {
  return calling === 'npm run' ? `npx pm2 ${words}` : commandLine(`pm2 ${words}`, calling);
}
