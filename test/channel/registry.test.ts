import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { variableOf } from '../../src/channel/asks.ts';
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

const asked = Object.values(KINDS).flatMap((kind) =>
  'asks' in kind && kind.asks ? [{ ...kind, asks: kind.asks }] : [],
);

test.each(asked)(
  'setup asks for $kind by its own variables, and for secrets unseen',
  async ({ asks, variables, secretVariables }) => {
    const { questions } = await asks();
    expect(questions.length).toBeGreaterThan(0);
    for (const question of questions) {
      expect(variables).toContain(variableOf(question));
      if (secretVariables.includes(question.name)) expect(question.secret, question.name).toBe(true);
    }
    // Of a secret in parts too, as a mail server's address, one part is.
    for (const name of secretVariables) {
      expect(
        questions.some((question) => variableOf(question) === name && question.secret),
        name,
      ).toBe(true);
    }
    // A channel that is left out by the first answer is not left out by an optional one.
    expect(questions[0]?.optional).toBeUndefined();
  },
);
