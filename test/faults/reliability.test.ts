import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { FAULTS } from './faults.ts';
import { HOSTILE } from './hostile.ts';

const document = readFileSync(join(import.meta.dirname, '../../docs/reliability.md'), 'utf8');

test('docs/reliability.md has every fault that is played (npm run faults)', () => {
  for (const { what } of [...FAULTS, ...HOSTILE]) expect(document).toContain(`| ${what} |`);
  expect(document).toContain(
    `${FAULTS.length} faults; events lost 0, false messages 0, second copies without a word 0.`,
  );
});

test('docs/reliability.md tells of two thousand kills, of which none has lost, falsified or doubled anything', () => {
  const [, kills = '', ...counts] = sectionOf('Killed at any moment').match(ALL) ?? [];
  expect(Number(kills.replaceAll(',', ''))).toBeGreaterThanOrEqual(2000);
  expect(counts).toEqual(['0', '0', '0', '0']);
});

test('docs/reliability.md tells of two hundred pauses, of which none has lost, falsified or doubled anything', () => {
  const [, pauses = '', ...counts] = sectionOf('Stopped, and woken').match(ALL) ?? [];
  expect(Number(pauses)).toBeGreaterThanOrEqual(200);
  expect(counts).toEqual(['0', '0', '0', '0']);
});

test('docs/reliability.md tells of two hundred leaders struck, of which each was followed within a minute', () => {
  const section = sectionOf('Three daemons, and the leader struck');
  const [, strikes = '', ...counts] = section.match(ALL) ?? [];
  expect(Number(strikes)).toBeGreaterThanOrEqual(200);
  expect(counts).toEqual(['0', '0', '0', '0']);
  const [, longest = ''] = section.match(/^\| all \| \d+ \| [\d.]+ \| ([\d.]+) \|$/m) ?? [];
  expect(Number(longest)).toBeLessThanOrEqual(60);
});

test('docs/reliability.md tells of five hundred strikes at hosts of one PostgreSQL, each followed within a minute', () => {
  const section = sectionOf('Three hosts of one PostgreSQL');
  const [, strikes = '', ...counts] = section.match(ALL) ?? [];
  expect(Number(strikes)).toBeGreaterThanOrEqual(500);
  expect(counts).toEqual(['0', '0', '0', '0']);
  const [, byBot = ''] = section.match(/^\| all (?:\| [\d,]+ ){6}\| (\d+) \| \d+ \|$/m) ?? [];
  expect(byBot).toBe('0');
  const [, longest = ''] = section.match(/^\| all \| \d+ \| [\d.]+ \| ([\d.]+) \|$/m) ?? [];
  expect(Number(longest)).toBeGreaterThan(0);
  expect(Number(longest)).toBeLessThanOrEqual(60);
});

test('docs/reliability.md tells of twenty years, with every message explained, no leak, and a database that grows slowly', () => {
  const [, ...spans] = sectionOf('Twenty years').split('\n### ');
  expect(spans.map((span) => span.slice(0, '1990 to 2000'.length))).toEqual(['1990 to 2000', '2000 to 2010']);
  for (const span of spans) {
    const kinds = rowsOf(span).filter((row) => row.length === 7 && row[0] !== 'Message');
    expect(kinds).toHaveLength(6);
    for (const [kind, , , lost, , copies, marked] of kinds) expect([kind, lost, copies]).toEqual([kind, '0', marked]);
    const unexplained = kinds.reduce((sum, [, , , , count]) => sum + Number(count), 0);
    expect(unexplained).toBe(Number(span.match(/Explained by hand: (\d+)/)?.[1] ?? 0));
    const years = rowsOf(span).filter(([first = '']) => /^\d{4}$/.test(first));
    expect(years).toHaveLength(10);
    const memory = years.map(([, megabytes]) => Number(megabytes));
    expect(Math.max(...memory.slice(5))).toBeLessThan(1.15 * Math.max(...memory.slice(0, 5)));
    for (const [year, , , grown] of years.slice(1)) expect(Number(grown), year).toBeLessThan(12);
  }
});

/** The row of a table that counts all trials. */
const ALL = /^\| all \| ([\d,]+) \| (\d+) \| (\d+) \| (\d+) \| (\d+) \|/m;

function sectionOf(title: string): string {
  return document.split(/^## /m).find((part) => part.startsWith(title)) ?? '';
}

function rowsOf(text: string): string[][] {
  const lines = text.split('\n').filter((line) => /^\| (?!-)/.test(line));
  return lines.map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}
