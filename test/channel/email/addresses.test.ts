import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readAddresses, sameAddress } from '../../../src/channel/email/addresses.ts';

test.each<[string, string[]]>([
  ['ann@x.org', ['ann@x.org']],
  ['ann@x.org, bob@y.org', ['ann@x.org', 'bob@y.org']],
  ['ann@x.org,bob@y.org,', ['ann@x.org', 'bob@y.org']],
  ['ann@x.org; bob@y.org;', ['ann@x.org', 'bob@y.org']],
  ['ann@x.org bob@y.org', ['ann@x.org', 'bob@y.org']],
  ['ann@x.org   bob@y.org\u00a0cy@z.org, dee@z.org', ['ann@x.org', 'bob@y.org', 'cy@z.org', 'dee@z.org']],
  ['ann@x.org,, bob@y.org', ['ann@x.org', 'bob@y.org']],
  ['Ann <ann@x.org>, Bob <bob@y.org>', ['ann@x.org', 'bob@y.org']],
  ['"Doe, Ann" <ann@x.org>; "Roe; Bob" <bob@y.org>', ['ann@x.org', 'bob@y.org']],
  ['"ann@x.org" <ann@x.org>', ['ann@x.org']],
  ["'ann@x.org' <ann@x.org>", ['ann@x.org']],
  ['ann@x.org <ann@x.org>', ['ann@x.org']],
  ['Ann (at work) <ann@x.org>', ['ann@x.org']],
  ['Team: ann@x.org, bob@y.org;', ['ann@x.org', 'bob@y.org']],
  ['mailto:ann@x.org', ['ann@x.org']],
  ['Ann ann@x.org', ['ann@x.org']],
  ["o'brien@x.org", ["o'brien@x.org"]],
  ['ann+bell@mail.x.org', ['ann+bell@mail.x.org']],
  ['ann@localhost', ['ann@localhost']],
  ['ann@[192.0.2.1]', ['ann@[192.0.2.1]']],
  ['jürgen@bücher.example', ['jürgen@bücher.example']],
])('%s is clear', (text, found) => {
  expect(readAddresses(text)).toEqual({ found, unclear: [] });
});

test.each<[string, string]>([
  ['ann@x.org <bob@y.org>', 'ann@x.org'],
  ['"ann@x.org" <bob@y.org>', 'ann@x.org'],
  ['Ann (ann@y.org) <ann@x.org>', 'ann@y.org'],
  ['ann@x.org (bob@y.org)', 'bob@y.org'],
  ['<ann@x.org> <bob@y.org>', 'bob@y.org'],
  ['Ann <ann@x.org> Bob <bob@y.org>', 'bob@y.org'],
  ['ann@x.org and bob@y.org', 'bob@y.org'],
  ['ann@x.org/bob@y.org', 'ann@x.org/bob'],
  ['ann@x.org|bob@y.org', 'ann@x.org|bob'],
  ['<ann@x.org, bob@y.org>', 'bob@y.org'],
  ['"ann@x.org, bob@y.org"', 'bob@y.org'],
  ['ann@x.org, nobody', 'nobody'],
  ['ann@x.org:587', 'ann@x.org'],
  ['mailto:ann@x.org?subject=hi', 'ann@x.org?subject=hi'],
  ["'ann@x.org'", 'ann@x.org'],
  ['[ann@x.org]', 'ann@x.org'],
  ['ann@x.org.', 'ann@x.org.'],
  ['ann@@x.org', 'ann@@x.org'],
  ['ann @ x.org', 'ann @ x.org'],
  ['ann@x.org @ bob@y.org', '@'],
  ['ann@', 'ann@'],
  ['@x.org', '@x.org'],
  ['<>', '<>'],
  ['ann@x.org, <>', 'ann@x.org, <>'],
  ['ann＠x.org', 'ann＠x.org'],
  ['ann@ｘ.org', 'ann@ｘ.org'],
  ['ann@x.org\u200b', 'ann@x.org\u200b'],
  ['ann@x.org、bob@y.org', 'ann@x.org、bob'],
  ['ann🔔@x.org', 'ann🔔@x.org'],
  ['"ann b"@x.org', 'b"@x.org'],
  [`${'a'.repeat(65)}@x.org`, `${'a'.repeat(65)}@x.org`],
  [`ann@${'x'.repeat(64)}.org`, `ann@${'x'.repeat(64)}.org`],
  [`ann@${'x.'.repeat(130)}org`, `ann@${'x.'.repeat(130)}org`],
])('%s is not clear, and is told', (text, part) => {
  const { unclear } = readAddresses(text);
  expect(unclear.join(' ')).toContain(part);
});

test('two spellings of one mailbox are the same', () => {
  expect(sameAddress('Ann@X.org')).toBe(sameAddress('ann@x.ORG'));
  expect(sameAddress('ann@bücher.example')).toBe(sameAddress('ann@xn--bcher-kva.example'));
  expect(sameAddress('ann@x.org')).not.toBe(sameAddress('anne@x.org'));
});

const word = (letters: string) => fc.string({ unit: fc.constantFrom(...letters), minLength: 1, maxLength: 12 });
const address = fc
  .tuple(word("abcxyzABC019!#$%&'*+/=?^_`{|}~-."), word('abcxyz019'), word('abcxyz'))
  .map(([local, host, end]) => `${local}@${host}.${end}`)
  .filter((text) => !/^'|'@/.test(text));
const name = fc.constantFrom('Ann', 'Ann Doe', '"Doe, Ann"', '"A; B: <c>"', 'Jürgen', "O'Brien");
const named = fc.oneof(
  address.map((each) => ({ each, text: each })),
  fc.tuple(name, address).map(([who, each]) => ({ each, text: `${who} <${each}>` })),
  address.map((each) => ({ each, text: `<${each}>` })),
);

test('for any list joined in an allowed way, the result has all of them, in their order', () => {
  const separator = fc.constantFrom(',', ', ', ' , ', ';', '; ', ',,');
  fc.assert(
    fc.property(fc.array(named, { minLength: 1, maxLength: 8 }), separator, (list, between) => {
      const text = list.map((each) => each.text).join(between);
      expect(readAddresses(text)).toEqual({ found: list.map(({ each }) => each), unclear: [] });
    }),
  );
  const blanks = fc.constantFrom(' ', '  ', '\t', '\u00a0', ', ', '; ');
  fc.assert(
    fc.property(fc.array(address, { minLength: 1, maxLength: 8 }), fc.array(blanks), (list, between) => {
      const text = list.reduce((all, each, at) => `${all}${between[at % Math.max(between.length, 1)] ?? ' '}${each}`);
      expect(readAddresses(text)).toEqual({ found: list, unclear: [] });
    }),
  );
});

test('for any text with an @, each address in it is found, or something is told to be unclear', () => {
  const piece = fc.oneof(
    address,
    name,
    fc.constantFrom(...'@<>()[]",;:\\ \'|/.', ' and ', '＠', '\u200b', 'mailto:', '->'),
  );
  fc.assert(
    fc.property(fc.array(piece, { minLength: 1, maxLength: 10 }), (pieces) => {
      const text = pieces.join('');
      const { found, unclear } = readAddresses(text);
      if (unclear.length > 0) return;
      // A reading of our own, as plain as it can be: whatever stands around an @.
      const mentioned = text.match(/[\w!#$%&*+/=?^`{|}~.-]+@[\w.-]+/g) ?? [];
      expect(text.split('@').length - 1).toBe(mentioned.length);
      const known = found.map((each) => each.toLowerCase());
      for (const each of mentioned) expect(known.some((one) => one.includes(each.toLowerCase()))).toBe(true);
    }),
    { numRuns: 2000 },
  );
});
