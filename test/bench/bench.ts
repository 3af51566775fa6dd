import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeCloses } from '../support/closes-folder.ts';
import { commandLine, daemon, ownProcess } from './commands.ts';
import { type Figure, figureLines } from './figures.ts';
import { mails } from './mails.ts';
import { page } from './page.ts';
import { pandasMs } from './pandas.ts';
import { postgres } from './postgres.ts';
import { scale } from './scale.ts';

const ROOT = join(import.meta.dirname, '../..');

/**
 * Times what people wait for: on the demo's two full series, and on watch lists that are made up. Prints a table and
 * writes bench.json; with the word postgres only what PostgreSQL costs beside a file, with the
 * word mails only a thousand mails. Beside it the time of a pandas script that does the same, where python3 has pandas.
 */
async function bench(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'breakout-bell-bench-'));
  try {
    await writeCloses(folder, '2025-12-31');
    copyFileSync(join(ROOT, 'data/before-yahoo.csv'), join(folder, 'before.csv'));
    const figures = process.argv.includes('postgres')
      ? await postgres(folder)
      : process.argv.includes('mails')
        ? await mails()
        : [
            commandLine(folder, 'check', '--offline'),
            commandLine(folder, 'study'),
            await daemon(folder),
            task(folder, 'study', 'study of the full history, warm'),
            task(folder, 'full-study', 'full study with its resampling, warm'),
            task(folder, 'replay', 'replay of 1987 to 2025'),
            ...(await page(folder)),
            ...scale(folder),
            ...(await postgres(folder)),
            ...(await mails()),
          ];
    for (const line of figureLines(figures)) process.stdout.write(`${line}\n`);
    writeFileSync(join(ROOT, 'bench.json'), `${JSON.stringify(figures, null, 2)}\n`);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function task(folder: string, name: string, title: string): Figure {
  const ms = name === 'full-study' ? undefined : pandasMs(name, folder);
  return { name: title, ...ownProcess(name, folder), ...(ms === undefined ? {} : { pandasMs: ms }) };
}

await bench();
