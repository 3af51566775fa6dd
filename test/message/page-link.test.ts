import { expect, test } from 'vitest';
import { pageLink } from '../../src/message/page-link.ts';
import { exampleMessage } from '../support/examples.ts';

const PAGE = 'https://bell.example.com';

test.each(['alert', 'correction', 'retraction', 'follow-up'] as const)(
  'the %s of an event leads to its row',
  (kind) => {
    expect(pageLink(PAGE, exampleMessage({ kind }))).toBe(`${PAGE}/?signal=russell-2000#event-2025-09-18`);
  },
);

test.each([
  ['digest', '/'],
  ['warning', '/operations#problems'],
  ['all-clear', '/operations#problems'],
  ['drill', '/operations#channels'],
] as const)('a %s leads to %s', (kind, path) => {
  expect(pageLink(PAGE, exampleMessage({ kind, signal: null }))).toBe(`${PAGE}${path}`);
});

test('the id of a signal cannot change the address', () => {
  expect(pageLink(PAGE, exampleMessage({ signal: 'a&b#c' }))).toBe(`${PAGE}/?signal=a%26b%23c#event-2025-09-18`);
});
