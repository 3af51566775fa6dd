import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, onTestFinished, test } from 'vitest';
import { openDatabase } from '../../../src/store/sqlite/database.ts';
import { createSqliteLedger } from '../../../src/store/sqlite/ledger.ts';
import { exampleMessage } from '../../support/examples.ts';
import { temporaryFolder } from '../../support/temporary.ts';

const BEFORE = [
  '0001-first',
  '0002-daemon',
  '0003-many-symbols',
  '0004-first-trade',
  '0005-changes',
  '0006-instances',
  '0007-rules',
  '0008-imports',
];

test('a file of before there were acknowledgements goes on with its alerts and deliveries, and takes them', async () => {
  const path = join(temporaryFolder(), 'market.db');
  const old = new Database(path);
  for (const name of BEFORE) {
    old.exec(readFileSync(join(import.meta.dirname, `../../../src/store/sqlite/migrations/${name}.sql`), 'utf8'));
  }
  old.pragma(`user_version = ${BEFORE.length}`);
  const message = exampleMessage();
  old
    .prepare('insert into messages (message, kind, created_at, body) values (?, ?, ?, ?)')
    .run(message.id, message.kind, message.createdAt, JSON.stringify(message));
  old
    .prepare(
      "insert into deliveries (message, channel, state, attempts, changed_at) values (?, 'folder', 'sent', 1, ?)",
    )
    .run(message.id, message.createdAt);
  old.close();
  const database = openDatabase(path);
  onTestFinished(() => void database.close());
  const ledger = createSqliteLedger(database);
  expect(await ledger.message(message.id)).toEqual(message);
  expect(await ledger.unsent()).toEqual([]);
  expect(await ledger.deliveriesOf([message.id])).toMatchObject([{ channel: 'folder', state: 'sent', attempts: 1 }]);
  expect(await ledger.acknowledgements([message.id])).toEqual([]);
  const seen = { message: message.id, channel: 'discord-bot', who: '1', name: 'Anna', at: '2025-09-19T12:12:00.000Z' };
  expect(await ledger.acknowledge(seen)).toEqual(seen);
});
