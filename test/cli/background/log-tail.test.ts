import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { endOf, lastLines, saysWatching, writtenSince } from '../../../src/cli/background/log-tail.ts';
import { temporaryFolder } from '../../support/temporary.ts';

test('what was written since is read, of a rotated log all, of a huge one the end, of none nothing', () => {
  const path = join(temporaryFolder(), 'error.log');
  expect([endOf(path), writtenSince(path, 0)]).toEqual([0, '']);
  writeFileSync(path, 'before\nafter\n');
  expect([endOf(path), writtenSince(path, 7), writtenSince(path, 13)]).toEqual([13, 'after\n', '']);
  expect(writtenSince(path, 1000)).toBe('before\nafter\n');
  writeFileSync(path, `${'x'.repeat(100_000)}end`);
  expect(writtenSince(path, 0)).toMatch(/^x{65533}end$/);
});

test.each([
  ['{"time":"T","msg":"watching"}', 'T watching'],
  ['{"time":"T","msg":"ended","err":{"message":"why","stack":"…"}}', 'T ended: why'],
  ['{"time":"T","msg":"waiting","reason":"away"}', 'T waiting: away'],
  ['{"msg":"words"}', 'words'],
  ['Error: not in JSON', 'Error: not in JSON'],
])('a line of the log is told in words: %s', (line, words) => {
  expect(lastLines(`\n${line}\n`)).toEqual([words]);
});

test('only the last lines are told', () => {
  const lines = Array.from({ length: 30 }, (_, index) => `line ${index}`);
  expect(lastLines(lines.join('\n'))).toEqual(lines.slice(20));
});

test('the process that watches is known by its pid', () => {
  const log = '{"level":30,"time":"T","pid":12,"role":"leader","msg":"watching"}\n';
  expect([12, 1, 2].map((pid) => saysWatching(log, pid))).toEqual([true, false, false]);
});
