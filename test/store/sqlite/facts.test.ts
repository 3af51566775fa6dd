import { expect, test } from 'vitest';
import { OtherSourceError } from '../../../src/store/errors.ts';
import { openDatabase } from '../../../src/store/sqlite/database.ts';
import { countTold, factOf, noteFact, refuseOtherSource, rememberedSource } from '../../../src/store/sqlite/facts.ts';

test('another source than the one that is noted is refused', () => {
  const database = openDatabase(':memory:');
  expect(rememberedSource(database)).toBeUndefined();
  refuseOtherSource(database, 'csv', 'market.db');
  noteFact(database, 'source', 'yahoo');
  refuseOtherSource(database, 'yahoo', 'market.db');
  expect(() => refuseOtherSource(database, 'csv', 'market.db')).toThrow(OtherSourceError);
  expect(rememberedSource(database)).toBe('yahoo');
});

test('what is told is counted', () => {
  const database = openDatabase(':memory:');
  countTold(database);
  countTold(database);
  expect(factOf(database, 'told')).toBe('2');
});
