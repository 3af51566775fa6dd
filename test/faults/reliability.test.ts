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

test('docs/reliability.md tells of several hundred kills, of which none has lost, falsified or doubled anything', () => {
  const section = document.split(/^## /m).find((part) => part.startsWith('Killed at any moment')) ?? '';
  const [, kills = '', ...counts] = section.match(/^\| all \| ([\d,]+) \| (\d+) \| (\d+) \| (\d+) \| (\d+) \|/m) ?? [];
  expect(Number(kills.replaceAll(',', ''))).toBeGreaterThan(400);
  expect(counts).toEqual(['0', '0', '0', '0']);
});

test('docs/reliability.md tells of two hundred pauses, of which none has lost, falsified or doubled anything', () => {
  const section = document.split(/^## /m).find((part) => part.startsWith('Stopped, and woken')) ?? '';
  const [, pauses = '', ...counts] = section.match(/^\| all \| (\d+) \| (\d+) \| (\d+) \| (\d+) \| (\d+) \|/m) ?? [];
  expect(Number(pauses)).toBeGreaterThanOrEqual(200);
  expect(counts).toEqual(['0', '0', '0', '0']);
});
