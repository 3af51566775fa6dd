import { PassThrough } from 'node:stream';
import { WriteStream } from 'node:tty';
import { stripVTControlCharacters } from 'node:util';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { paint } from '../../src/console/paint.ts';

const LINES = [
  'Problem     ^RUT: Yahoo answered HTTP 500; the next run tries again',
  'Held        ^RUT 246,770.00 on 18 Sep 2025: a move of +10150.7%; not believed yet',
  'Event       russell-2000/2025-09-18: alert sent to 3 of 3',
  'Result      no new event, nothing to send',
  'Delivery    russell-2000/2025-09-18/alert to folder: sent',
  'Delivery    russell-2000/2025-09-18/alert to discord-bot: failed (HTTP 403)',
  'To record   +1.47%',
  'Record close  12 months  Max drawdown',
  '29 Dec 1999      −9.8%        −17.2%',
  'Russell 2000 (^RUT)',
  '',
];
/** A stream that is a terminal, which asks this environment for its colours, as a real one asks that of the process. */
const terminal = (environment: NodeJS.ProcessEnv = {}) =>
  Object.assign(new PassThrough(), {
    isTTY: true,
    getColorDepth: () => WriteStream.prototype.getColorDepth({ TERM: 'xterm-256color', ...environment }),
  });
const colourOf = (line: string) => JSON.stringify(paint(line, terminal())).match(/\\u001b\[(\d+)m/)?.[1];

// The one variable that Node reads past the stream.
beforeEach(() => void vi.stubEnv('FORCE_COLOR', undefined));
afterEach(() => void vi.unstubAllEnvs());

test('a terminal gets colours, and the same words', () => {
  for (const line of LINES) expect(stripVTControlCharacters(paint(line, terminal()))).toBe(line);
  // Red, yellow, green, and faint.
  expect(LINES.slice(0, 4).map(colourOf)).toEqual(['31', '33', '32', '2']);
  // The head of a table bold, its losses red.
  expect(LINES.slice(7, 9).map(colourOf)).toEqual(['1', '31']);
  expect(paint(LINES[8] ?? '', terminal()).split('\u001b[31m')).toHaveLength(3);
});

test('a pipe, and who sets NO_COLOR, get plain text', () => {
  for (const line of LINES) expect(paint(line, new PassThrough())).toBe(line);
  for (const line of LINES) expect(paint(line, terminal({ NO_COLOR: '1' }))).toBe(line);
});
