import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { check } from '../../src/check.ts';
import { createDemoSource } from '../../src/demo/source.ts';
import { drawPictures } from '../../src/pictures.ts';
import { demoSettings } from '../../src/settings.ts';
import { openWorld } from '../../src/world.ts';

const ROOT = join(import.meta.dirname, '../..');
const GALLERY = join(ROOT, 'docs/gallery');
const EVENING = Date.parse('2025-09-18T20:45:00Z');

/** Draws the pictures of the README from the demo. */
async function gallery(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'breakout-bell-gallery-'));
  const world = openWorld(demoSettings(ROOT, folder), {
    now: () => EVENING,
    sleep: async () => {},
    random: () => 0.5,
    progress: () => {},
    source: createDemoSource(),
    draw: async () => [],
  });
  try {
    await check(world, { dryRun: false, offline: true, command: 'gallery' });
    const alert = await world.ledger.message('russell-2000/2025-09-18/alert');
    if (alert === undefined) throw new Error('the demo has no alert');
    mkdirSync(GALLERY, { recursive: true });
    for (const { name, png } of await drawPictures(world, alert)) {
      const path = join(GALLERY, `${name}.png`);
      writeFileSync(path, png);
      process.stdout.write(`${path}\n`);
    }
  } finally {
    world.close();
    rmSync(folder, { recursive: true });
  }
}

await gallery();
