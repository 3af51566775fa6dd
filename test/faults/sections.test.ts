import { expect, test } from 'vitest';
import { withSection } from './sections.ts';

const DOCUMENT = '# Title\n\nWords.\n\n## Killed at any moment\n\nold\n\n### Part\n\n## Whatever comes\n\nlast\n';

test('a section is written anew in its place, and the others stay as they are', () => {
  expect(withSection(DOCUMENT, 'kills', ['new', ''])).toBe(
    '# Title\n\nWords.\n\n## Killed at any moment\n\nnew\n\n## Whatever comes\n\nlast\n',
  );
  expect(withSection(DOCUMENT, 'fuzz', ['new'])).toBe(DOCUMENT.replace('last', 'new'));
});

test('a section that is not there yet comes where it belongs', () => {
  expect(withSection(DOCUMENT, 'pauses', ['new'])).toBe(
    DOCUMENT.replace('## Whatever', '## Stopped, and woken\n\nnew\n\n## Whatever'),
  );
  expect(withSection('# Title\n', 'fuzz', ['new'])).toBe('# Title\n\n## Whatever comes\n\nnew\n');
});
