import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeCloses } from '../support/closes-folder.ts';
import { commandLine, daemon } from './commands.ts';
import { evidence } from './evidence.ts';
import { figureLines } from './figures.ts';
import { page } from './page.ts';
import { scale } from './scale.ts';

const ROOT = join(import.meta.dirname, '../..');

/**
 * Times what people wait for: on the demo's two full series, and on watch lists that are made up. Prints a table and
 * writes bench.json. Beside it the time of a pandas script that does the same, where python3 has pandas.
 */
async function bench(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'breakout-bell-bench-'));
  try {
    await writeCloses(folder, '2025-12-31');
    copyFileSync(join(ROOT, 'data/before-yahoo.csv'), join(folder, 'before.csv'));
    const figures = [
      commandLine(folder, 'check', '--offline'),
      commandLine(folder, 'study'),
      await daemon(folder),
      ...(await evidence(folder)),
      ...(await page(folder)),
      ...scale(folder),
    ];
    for (const line of figureLines(figures)) process.stdout.write(`${line}\n`);
    writeFileSync(join(ROOT, 'bench.json'), `${JSON.stringify(figures, null, 2)}\n`);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

await bench();
