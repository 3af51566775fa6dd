import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createDemoSource } from '../src/demo/source.ts';
import { isBehind } from '../src/round.ts';
import { SEP_17, SEP_18, startStory } from './support/story.ts';
import { temporaryFolder } from './support/temporary.ts';

describe('the question that is asked every hour', () => {
  test('is answered yes before the first run, no after it, and yes when the next session is over', async () => {
    const story = await startStory();
    expect(await story.at(SEP_17, isBehind)).toBe(true);
    await story.check(SEP_17);
    expect(await story.at(SEP_17, isBehind)).toBe(false);
    expect(await story.at('2025-09-18T20:34:00Z', isBehind)).toBe(false);
    expect(await story.at('2025-09-18T20:35:00Z', isBehind)).toBe(true);
  });

  test('is answered yes while a message has not arrived', async () => {
    const story = await startStory();
    await story.check(SEP_17);
    story.discord.fault = () => ({ status: 502 });
    await story.check(SEP_18);
    expect(await story.at(SEP_18, isBehind)).toBe(true);
    story.discord.fault = undefined;
    await story.check(SEP_18);
    expect(await story.at(SEP_18, isBehind)).toBe(false);
  });
});

test('npm start checks at once, says so as one line of JSON, and stops cleanly when it is told to', async () => {
  const folder = temporaryFolder();
  for (const symbol of ['^RUT', '^GSPC']) {
    const { bars } = await createDemoSource().read(symbol, '2020-01-01', Date.parse('2025-09-17T23:00:00Z'));
    const rows = bars.map(({ session, close }) => `${session},${close}`);
    writeFileSync(join(folder, `${symbol}.csv`), `session,close\n${rows.join('\n')}\n`);
  }
  const child = spawn(process.execPath, [join(import.meta.dirname, '../src/cli.ts'), 'start'], {
    env: {
      PATH: process.env.PATH,
      DATABASE_PATH: join(folder, 'market.db'),
      MARKET_SOURCE: 'csv',
      MARKET_CSV_DIR: folder,
      OUTBOX_DIR: join(folder, 'outbox'),
      LOG_LEVEL: 'info',
    },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const ready = once(child, 'message');
  const exit = once(child, 'exit');
  const lines: { msg: string; why?: string; asOf?: string }[] = [];
  if (child.stderr === null) throw new Error('no standard error');
  for await (const line of createInterface({ input: child.stderr })) {
    lines.push(JSON.parse(line));
    if (lines.at(-1)?.msg.startsWith('check')) child.kill('SIGTERM');
  }
  expect(await ready).toEqual(['ready', undefined]);
  expect(lines.find(({ msg }) => msg === 'check done')).toMatchObject({ why: 'start', asOf: '2025-09-17', fired: [] });
  expect(lines.at(-1)?.msg).toBe('stopped');
  expect(await exit).toEqual([0, null]);
});
