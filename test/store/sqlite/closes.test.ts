import { execFileSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import type { Revision } from '../../../src/market/known-close.ts';
import { changing, heldAt, READ_AT, settled } from '../example-closes.ts';
import { open } from './example-closes.ts';

describe('a judgement', () => {
  test('that changes nothing writes nothing, though another connection holds the lock', async () => {
    const { path, closes, database } = open();
    const other = open(path).database;
    const before = database.prepare('select total_changes()').pluck().get();
    other.exec('begin immediate');
    await closes.store('^RUT', { changed: [], revisions: [] });
    other.exec('rollback');
    expect(database.prepare('select total_changes()').pluck().get()).toBe(before);
  });

  test('is stored whole or not at all', async () => {
    const { closes } = open();
    const rows = [settled('2025-09-16', 2403.03), heldAt('2025-09-17', 240_734)];
    const noTime = { close: 2, readAt: READ_AT, believed: true };
    const broken: Revision = {
      session: '2025-09-18',
      from: { ...noTime, close: Number.NaN }, // SQLite has no such number and refuses the row.
      to: noTime,
    };
    await expect(closes.store('^RUT', { changed: rows, revisions: [broken] })).rejects.toThrow(/NOT NULL/);
    expect(closes.known('^RUT')).toEqual([]);
    expect(closes.revisions('^RUT', '2025-09-18')).toEqual([]);
  });
});

test('two processes share a file: what one stores the other reads', async () => {
  const { closes, path } = open();
  await closes.store('^RUT', changing(settled('2025-09-17', 2407.34)));
  const src = new URL('../../../src/store/', import.meta.url).href;
  const script = `import { openDatabase } from '${src}sqlite/database.ts';
    import { createClosesStore } from '${src}sqlite/closes.ts';
    const database = openDatabase(${JSON.stringify(path)});
    const closes = createClosesStore(database);
    const row = ${JSON.stringify(settled('2025-09-18', 2467.7))};
    await closes.store('^RUT', { changed: [row], revisions: [] });
    console.log(closes.accepted('^RUT').length);
    database.close();`;
  expect(execFileSync(process.execPath, ['--input-type=module', '--eval', script], { encoding: 'utf8' })).toBe('2\n');
  expect(closes.accepted('^RUT')).toEqual([
    { session: '2025-09-17', close: 2407.34 },
    { session: '2025-09-18', close: 2467.7 },
  ]);
});
