import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { KINDS } from '../../src/channel/registry.ts';

const ROOT = join(import.meta.dirname, '../..');
const kinds = Object.values(KINDS).map(({ kind }) => kind);

test('each kind has a name of its own', () => {
  expect(kinds).toEqual([...new Set(kinds)]);
});

test.each(kinds)('%s is one folder, with the tests that every channel has to pass', (kind) => {
  for (const file of ['kind.ts', 'settings.ts', 'transport.ts']) {
    expect(existsSync(join(ROOT, 'src/channel', kind, file)), file).toBe(true);
  }
  expect(existsSync(join(ROOT, 'test/channel', kind, 'conformance.test.ts'))).toBe(true);
});
