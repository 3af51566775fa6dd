import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cleanName } from '../../src/message/clean-name.ts';

test.each([
  ['Anna', 'Anna'],
  ["Anna-Maria O'Neill, Jr.", "Anna-Maria O'Neill, Jr."],
  ['  Änna\n 指数 🔔 ', 'Änna 指数 🔔'],
  ['anna_b', 'anna_b'],
  ['_anna_', 'anna'],
  ['@everyone', 'everyone'],
  ['<@&123>', '123'],
  ['**bold** [x](https://evil.example)', 'bold x https evil example'],
  ['`code` ||spoiler|| ~~gone~~ # big > quote', 'code spoiler gone big quote'],
  ['evil.example', 'evil example'],
  // A right-to-left override, a zero-width space and a control character.
  ['An\u202ena\u200b\u0007', 'An na'],
  ['Z\u0346\u0346\u0346\u0346\u0346\u0346\u0346algo', 'Z\u0346\u0346\u0346algo'],
  ['', 'somebody'],
  ['***', 'somebody'],
])('%j becomes %j', (name, clean) => {
  expect(cleanName(name)).toBe(clean);
});

test('whatever it is, it is one short line without a mark that any channel could take for more', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (name) => {
      const clean = cleanName(name);
      expect(clean).toMatch(/^[^\p{Cc}\p{Cf}@<>`*~|[\]()\\/:&]{1,80}$/u);
      expect([...clean].length).toBeLessThanOrEqual(40);
    }),
  );
});
