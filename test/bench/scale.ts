import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { type Figure, middle } from './figures.ts';
import { pandasMs } from './pandas.ts';
import { closesOf, makeWatchList } from './watch-list.ts';

const SIZES = [10, 100, 1000];
const NIGHTS = 5;
/** What npm run check gives its process. */
const FLAGS = ['--max-semi-space-size=8'];
/** pandas takes a minute for a thousand: measured with a hundred. */
const PANDAS_BACKFILL = 100;

/** Watch lists of ten thousand closes each: stored once, then a night, as a process of its own. */
export function scale(folder: string): Figure[] {
  fillTable(folder);
  return SIZES.flatMap((signals) => {
    const root = join(folder, `watch-list-${signals}`);
    const { closes, ms } = makeWatchList(root, signals);
    const nights = Array.from({ length: NIGHTS }, () => night(root));
    rmSync(root, { recursive: true });
    const pandas = {
      backfill: signals === PANDAS_BACKFILL ? pandasMs(`backfill-${signals}`, folder) : undefined,
      nightly: pandasMs(`nightly-${signals}`, folder),
    };
    return [
      {
        name: `backfill of ${signals} symbols`,
        ms,
        rate: `${Math.round((closes / ms) * 1000).toLocaleString('en')} closes`,
        ...(pandas.backfill === undefined ? {} : { pandasMs: pandas.backfill }),
      },
      {
        name: `night of ${signals} signals`,
        ms: middle(nights.map((one) => one.ms)),
        megabytes: Math.max(...nights.map(({ megabytes }) => megabytes)),
        ...(pandas.nightly === undefined ? {} : { pandasMs: pandas.nightly }),
      },
    ];
  });
}

function night(root: string): { ms: number; megabytes: number } {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [...FLAGS, join(import.meta.dirname, 'nightly.ts'), root],
    { encoding: 'utf8' },
  );
  if (status !== 0) throw new Error(`the night of ${root} ended with ${status}: ${stderr}`);
  return JSON.parse(stdout);
}

/** The table that pandas reads from. */
function fillTable(folder: string): void {
  const database = new Database(join(folder, 'closes.db'));
  database.exec(
    'create table closes (symbol text, session text, close real, primary key (symbol, session)) without rowid',
  );
  const put = database.prepare('insert into closes values (?, ?, ?)');
  for (let symbol = 0; symbol < Math.max(...SIZES); symbol++) {
    const closes = closesOf(symbol);
    database.transaction(() => {
      for (const { session, close } of closes) put.run(`SYM${symbol}`, session, close);
    })();
  }
  database.close();
}
