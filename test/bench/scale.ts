import { rmSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { ownProcess } from './commands.ts';
import { type Figure, middle } from './figures.ts';
import { pandasMs } from './pandas.ts';
import { CLOSES, closesOf } from './watch-list.ts';

const SIZES = [10, 100, 1000];
const NIGHTS = 5;
/** pandas takes half a minute for a thousand: measured with a hundred. */
const PANDAS_BACKFILL = 100;

/** Watch lists of ten thousand closes each: stored once, then a night, as a process of its own. */
export function scale(folder: string): Figure[] {
  fillTable(folder);
  return SIZES.flatMap((signals) => {
    const root = join(folder, `watch-list-${signals}`);
    const backfill = ownProcess('backfill', root, signals);
    const nights = Array.from({ length: NIGHTS }, () => ownProcess('night', root));
    rmSync(root, { recursive: true });
    const pandas = {
      backfill: signals === PANDAS_BACKFILL ? pandasMs(`backfill-${signals}`, folder) : undefined,
      nightly: pandasMs(`nightly-${signals}`, folder),
    };
    return [
      {
        name: `backfill of ${signals} symbols`,
        ...backfill,
        rate: `${Math.round((signals * CLOSES * 1000) / backfill.ms).toLocaleString('en')} closes`,
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
