import { expect, test } from 'vitest';
import { wrapWords } from '../../src/render/wrap-words.ts';

test('lines end at spaces, and a long word has one of its own', () => {
  expect(wrapWords('one two three', 7)).toEqual(['one two', 'three']);
  expect(wrapWords('see https://example.com/long now', 8)).toEqual(['see', 'https://example.com/long', 'now']);
  expect(wrapWords('', 8)).toEqual(['']);
});
