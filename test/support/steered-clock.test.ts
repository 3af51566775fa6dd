import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ClockFile } from '../attack/clock-file.ts';
import { temporaryFolder } from './temporary.ts';

const STEERED = join(import.meta.dirname, 'steered-clock.js');
const EVENING = Date.parse('2025-09-18T20:45:00Z');
const HOUR_MS = 3_600_000;

/** What a process on such a clock prints. */
function run(script: string, environment: Readonly<Record<string, string>>): unknown {
  const clock = new ClockFile(join(temporaryFolder(), 'clock'));
  clock.set(EVENING);
  const printed = execFileSync(process.execPath, ['--import', STEERED, '--input-type=module', '-e', script], {
    env: { PATH: process.env.PATH, BELL_CLOCK: clock.path, ...environment },
    encoding: 'utf8',
  });
  clock.close();
  return JSON.parse(printed);
}

test('a clock on the wall that is wrong says so, and timers and the clock that nobody sets do not go by it', () => {
  const skew = join(temporaryFolder(), 'skew');
  writeFileSync(skew, new Uint8Array(new Float64Array([-HOUR_MS]).buffer));
  const script = `const [began, wall] = [performance.now(), Date.now()];
    setTimeout(() => console.log(JSON.stringify([wall, performance.now() - began])), 1000);`;
  const [wall = 0, passed = 0] = run(script, { BELL_SKEW: skew }) as number[];
  expect(Math.abs(wall - (EVENING - HOUR_MS))).toBeLessThan(60_000);
  expect(passed).toBeGreaterThanOrEqual(990);
  expect(passed).toBeLessThan(60_000);
});

test('short timers go as many times as fast as the clock that the harness moves on', () => {
  const script = `import { setTimeout as sleep } from 'node:timers/promises';
    const began = performance.now();
    for (let i = 0; i < 5; i++) await sleep(900);
    for (let i = 0; i < 5; i++) await new Promise((resolve) => setTimeout(resolve, 900));
    console.log(JSON.stringify(performance.now() - began));`;
  expect(run(script, { BELL_PACE: '100' })).toBeLessThan(9000);
});
