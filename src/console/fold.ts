import { wrapWords } from '../render/wrap-words.ts';

/** The label that a line begins with: `Problem     `, `Last alert  `, `FAIL  `. */
const LABEL = /^(?:[A-Z][\w ]{0,10}?|ok) {2,}/;
const CELLS = /\S {2,}\S/;
/** A command stays whole, to be copied. */
const COMMAND = /(?:\bnpm (?:start|run [\w:-]+)|\b(?:npx )?breakout-bell [\w-]+)(?: -- --[\w-]+)?/g;
const NO_BREAK = '\u00a0';
/** Narrower than this, nothing is gained. */
const NARROWEST = 40;

/**
 * A line that is wider than the terminal as several, broken at spaces and set under each other behind its label. As it is
 * where it fits, where it is a row of a table, and where there is no terminal.
 * @param columns of the terminal; undefined: there is none
 */
export function fold(line: string, columns: number | undefined): string[] {
  if (columns === undefined || columns < NARROWEST || line.length <= columns) return [line];
  const label = line.match(LABEL)?.[0] ?? '';
  const text = line.slice(label.length);
  if (CELLS.test(text) || text.startsWith(' ')) return [line];
  const whole = text.replace(COMMAND, (command) => command.replaceAll(' ', NO_BREAK));
  const indent = ' '.repeat(label.length);
  return wrapWords(whole, columns - label.length).map(
    (part, at) => (at === 0 ? label : indent) + part.replaceAll(NO_BREAK, ' '),
  );
}
