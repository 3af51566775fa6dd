import { expect, test } from 'vitest';
import { allBetween, changing, READ_AT } from '../example-closes.ts';
import { open } from './example-closes.ts';

// SQLite gives the id of a list that was rolled back to the next one: whoever still had it in mind stored the closes of one
// year under the sessions of another.
test('a write that fails leaves no list of sessions in mind', async () => {
  const { closes, database } = open();
  const year = allBetween('2024-01-02', '2024-12-31');
  const other = allBetween('2023-01-03', '2023-12-29');
  const value = { close: 100, readAt: READ_AT, believed: true };
  const revision = { session: '2024-01-02', from: value, to: value };
  database.exec("create trigger full before insert on revisions begin select raise(abort, 'the disk is full'); end");
  await expect(closes.store('^RUT', { changed: year, revisions: [revision] })).rejects.toThrow('the disk is full');
  database.exec('drop trigger full');

  await closes.store('^GSPC', changing(...other));
  await closes.store('^RUT', changing(...year));
  expect(closes.accepted('^RUT').map(({ session }) => session)).toEqual(year.map(({ session }) => session));
  expect(closes.accepted('^GSPC').map(({ session }) => session)).toEqual(other.map(({ session }) => session));
});
