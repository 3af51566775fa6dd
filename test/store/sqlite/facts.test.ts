import { expect, test } from 'vitest';
import { OtherSourceError } from '../../../src/store/errors.ts';
import { openDatabase } from '../../../src/store/sqlite/database.ts';
import {
  channelsBefore,
  countTold,
  isFirstToday,
  noteChannels,
  rememberedSource,
  rememberSource,
} from '../../../src/store/sqlite/facts.ts';

test('the source of the first reading stays; another one is refused', () => {
  const database = openDatabase(':memory:');
  expect(rememberedSource(database)).toBeUndefined();
  rememberSource(database, 'yahoo', 'market.db');
  rememberSource(database, 'yahoo', 'market.db');
  expect(() => rememberSource(database, 'csv', 'market.db')).toThrow(OtherSourceError);
  expect(rememberedSource(database)).toBe('yahoo');
});

test('something is first once a day, each by its name', () => {
  const database = openDatabase(':memory:');
  const first = (name: string, day: string) => isFirstToday(database, name, day);
  expect([first('a', '1'), first('a', '1'), first('b', '1'), first('a', '2')]).toEqual([true, false, true, true]);
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
