import { mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { thisProcess } from '../../src/app/this-process.ts';
import { noticeLines, noticesOf } from '../../src/health/notices.ts';
import type { Daemon } from '../../src/store/runs.ts';
import { temporaryFolder } from '../support/temporary.ts';

const STARTED = Date.parse('2025-09-17T20:45:00Z');
const at = new Date(STARTED).toISOString();
const here: Daemon = { ...thisProcess(), startedAt: at, seenAt: at };
const elsewhere: Daemon = { ...here, id: 'other', host: 'bell-2', processStarted: null, pid: 7 };
/** Beyond what Linux numbers. */
const dead: Daemon = { ...here, id: 'dead', pid: 4_194_305 };

/** A folder of settings, each older than the daemon but for those named. */
function folderWith(newer: readonly string[]): string {
  const root = temporaryFolder();
  mkdirSync(join(root, 'config'));
  for (const name of ['.env', 'config/schedule.json', 'config/signals.json', 'config/signals.schema.json']) {
    writeFileSync(join(root, name), '');
    const time = new Date(STARTED + (newer.includes(name) ? 1000 : -1000));
    utimesSync(join(root, name), time, time);
  }
  return root;
}

async function told(leader: Daemon | undefined, standbys: Daemon[], root: string): Promise<string[]> {
  const ledger = { daemon: async () => leader, instances: async () => [...(leader ? [leader] : []), ...standbys] };
  const settings = { dashboard: { host: '127.0.0.1', port: 0 } };
  return noticeLines(await noticesOf({ ledger, settings, now: () => STARTED + 60_000 } as never, root));
}

test.each([
  ['nothing', [], []],
  ['.env', ['.env'], [/^\.env is newer than the running daemon \(process \d+\)/]],
  ['several', ['.env', 'config/signals.json'], [/^\.env and config\/signals\.json are newer .*: npm run daemon \(/]],
  ['a schema, which nobody reads', ['config/signals.schema.json'], []],
])('newer settings are told: %s', async (_, newer, lines) => {
  expect(await told(here, [], folderWith(newer))).toEqual(lines.map((line) => expect.stringMatching(line)));
});

test.each([
  ['none runs', undefined, [], 0],
  ['it has died', dead, [], 0],
  ['it runs on another host', elsewhere, [], 0],
  ['one leads elsewhere, and one stands by here', elsewhere, [here], 1],
  ['one leads here, and others stand by elsewhere or are gone', here, [elsewhere, dead], 1],
] as const)('newer settings matter to the daemons of this machine: %s', async (_, leader, standbys, lines) => {
  expect(await told(leader, [...standbys], folderWith(['.env']))).toHaveLength(lines);
});

test('a folder without settings tells nothing', async () => {
  expect(await told(here, [], temporaryFolder())).toEqual([]);
});
