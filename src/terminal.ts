import { styleText } from 'node:util';

type Style = Parameters<typeof styleText>[0];

/** What the first words of a line mean to who reads it on a terminal. */
const STYLES: readonly (readonly [start: RegExp, style: Style])[] = [
  [/^(Problem|Trouble|FAIL)\b/, ['red', 'bold']],
  [/^(Held|Missing|Paused|Would fire)\b/, ['yellow', 'bold']],
  [/^Delivery(?= .*: (failed|unknown))/, ['red', 'bold']],
  [/^Delivery(?= .*: pending)/, ['yellow', 'bold']],
  [/^Fired(?! +nothing)/, ['green', 'bold']],
  [/^ok\b/, 'green'],
  [/^(Close|Record|State|To record|Fired|Delivery|Daemon|Last run)\b/, 'dim'],
];

/** The line with its first words in colour, on a terminal; as it is where the output is piped, or NO_COLOR is set. */
export function paint(line: string, stream: NodeJS.WritableStream = process.stdout): string {
  const found = STYLES.find(([start]) => start.test(line));
  const words = found === undefined ? '' : (line.match(found[0])?.[0] ?? '');
  return found === undefined ? line : `${styleText(found[1], words, { stream })}${line.slice(words.length)}`;
}
