/*
 * One night of a watch list in a process of its own: node nightly.ts <root>. Prints the time of the check and the peak memory
 * of the process.
 */
import { join } from 'node:path';
import { check } from '../../src/check.ts';
import { loadSettings } from '../../src/settings.ts';
import { openWorld } from '../../src/world.ts';
import { NOW } from './watch-list.ts';

const [root = ''] = process.argv.slice(2);
const settings = loadSettings(root, { DATABASE_PATH: join(root, 'market.db'), OUTBOX_DIR: join(root, 'outbox') });
const world = openWorld(settings, { now: () => NOW, sleep: async () => {}, random: () => 0.5, progress: () => {} });
const began = performance.now();
const report = await check(world, { dryRun: false, offline: true, command: 'bench' });
const ms = performance.now() - began;
world.close();
if ('skipped' in report || report.signals.length !== settings.signals.length)
  throw new Error('not every signal was evaluated');
process.stdout.write(JSON.stringify({ ms, megabytes: process.resourceUsage().maxRSS / 1000 }));
