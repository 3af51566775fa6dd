import { PassThrough } from 'node:stream';
import { WriteStream } from 'node:tty';
import { stripVTControlCharacters } from 'node:util';
import { afterEach, expect, test, vi } from 'vitest';
import { paint } from '../src/terminal.ts';

const LINES = [
  'Problem     ^RUT: Yahoo answered HTTP 500; the next run tries again',
  'Held        ^RUT 246,770.00 of 18 Sep 2025: a move of +10150.7%; not believed yet',
  'Fired       russell-2000/2025-09-18',
  'Fired       nothing',
  'Delivery    russell-2000/2025-09-18/alert to folder: sent',
  'Delivery    russell-2000/2025-09-18/alert to discord-bot: failed (HTTP 403)',
  'To record   +1.47%',
  'Russell 2000 (^RUT)',
  '',
];
/** A stream that is a terminal, which asks the environment for its colours as a real one does. */
const terminal = () =>
  Object.assign(new PassThrough(), { isTTY: true, getColorDepth: () => WriteStream.prototype.getColorDepth() });
const colourOf = (line: string) => JSON.stringify(paint(line, terminal())).match(/\\u001b\[(\d+)m/)?.[1];

afterEach(() => void vi.unstubAllEnvs());

function withColours(): void {
  for (const name of ['NO_COLOR', 'NODE_DISABLE_COLORS', 'FORCE_COLOR']) vi.stubEnv(name, undefined);
  vi.stubEnv('TERM', 'xterm-256color');
}

test('a terminal gets colours, and the same words', () => {
  withColours();
  for (const line of LINES) expect(stripVTControlCharacters(paint(line, terminal()))).toBe(line);
  // Red, yellow, green, and faint.
  expect(LINES.slice(0, 4).map(colourOf)).toEqual(['31', '33', '32', '2']);
});

test('a pipe, and who sets NO_COLOR, get plain text', () => {
  withColours();
  for (const line of LINES) expect(paint(line, new PassThrough())).toBe(line);
  vi.stubEnv('NO_COLOR', '1');
  for (const line of LINES) expect(paint(line, terminal())).toBe(line);
});
