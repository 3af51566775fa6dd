import { expect, test } from 'vitest';
import { OtherSourceError } from '../../../src/store/errors.ts';
import { openDatabase } from '../../../src/store/sqlite/database.ts';
import {
  channelsBefore,
  countTold,
  factOf,
  noteChannels,
  noteFact,
  refuseOtherSource,
  rememberedSource,
} from '../../../src/store/sqlite/facts.ts';

test('another source than the one that is noted is refused', () => {
  const database = openDatabase(':memory:');
  expect(rememberedSource(database)).toBeUndefined();
  refuseOtherSource(database, 'csv', 'market.db');
  noteFact(database, 'source', 'yahoo');
  refuseOtherSource(database, 'yahoo', 'market.db');
  expect(() => refuseOtherSource(database, 'csv', 'market.db')).toThrow(OtherSourceError);
  expect(rememberedSource(database)).toBe('yahoo');
});

test('a fact is news once, each by its name, and may be none any more', () => {
  const database = openDatabase(':memory:');
  const note = (name: string, value: string | null) => noteFact(database, name, value);
  expect([note('a', '1'), note('a', '1'), note('b', '1'), note('a', '2')]).toEqual([true, false, true, true]);
  expect([note('a', null), note('a', null)]).toEqual([true, false]);
  expect([factOf(database, 'a'), factOf(database, 'b')]).toEqual([undefined, '1']);
});

test('what is told is counted, and the channels are those noted last', () => {
  const database = openDatabase(':memory:');
  const told = () => database.prepare("select value from facts where name = 'told'").pluck().get();
  expect([told(), channelsBefore(database)]).toEqual([undefined, []]);
  countTold(database);
  countTold(database);
  noteChannels(database, ['email']);
  noteChannels(database, ['folder', 'email']);
  expect([told(), channelsBefore(database)]).toEqual(['2', ['folder', 'email']]);
});
