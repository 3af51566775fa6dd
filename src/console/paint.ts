import { styleText } from 'node:util';

type Style = Parameters<typeof styleText>[0];

/** What the first words of a line mean to a reader at a terminal. */
const STYLES: readonly (readonly [start: RegExp, style: Style])[] = [
  [/^(Problem|Trouble|FAIL)\b/, ['red', 'bold']],
  [/^(Held|Missing|Paused|Would fire|Note)\b/, ['yellow', 'bold']],
  [/^Delivery(?= .*: (failed|unknown))/, ['red', 'bold']],
  [/^Delivery(?= .*: pending)/, ['yellow', 'bold']],
  [/^Event(?= )/, ['green', 'bold']],
  [/^ok\b/, 'green'],
  [/^(Close|Record|State|To record|Result|Last alert|Delivery|Daemon|Next check|Last run)\b/, 'dim'],
];

/** The head of a table, a row of one, and what it lost. */
const HEAD = /^(Record close|After) {2}/;
const ROW = /\S {2,}\S/;
const LOSS = /−\d[\d,.]*%/g;

/**
 * The line with its first words in colour, or the losses of a table, on a terminal; as it is where the output is piped, or
 * NO_COLOR is set.
 */
export function paint(line: string, stream: NodeJS.WritableStream = process.stdout): string {
  if (HEAD.test(line)) return styleText('bold', line, { stream });
  for (const [start, style] of STYLES) {
    const words = line.match(start)?.[0];
    if (words !== undefined) return `${styleText(style, words, { stream })}${line.slice(words.length)}`;
  }
  return ROW.test(line) ? line.replace(LOSS, (loss) => styleText('red', loss, { stream })) : line;
}
