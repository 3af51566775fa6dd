import { expect, test } from 'vitest';
import { allClearMessage, reminderMessage, type Trouble, warningMessage } from '../../src/message/warning.ts';

const TROUBLE: Trouble = Object.freeze({
  name: 'disk',
  since: '2025-09-18T20:45:00.000Z',
  title: 'The disk is nearly full',
  text: 'Only 150 MB are free. Make room.',
  again: true,
  blocking: true,
  about: null,
});

test('the id of a warning is its trouble and when that began, so that it is told once', () => {
  const warning = warningMessage(TROUBLE, '2025-09-18T20:45:00.000Z');
  expect(warning).toMatchObject({
    id: 'warning/disk/2025-09-18T20:45:00.000Z',
    kind: 'warning',
    signal: null,
    title: 'The disk is nearly full',
    lead: 'Only 150 MB are free. Make room.',
    refersTo: null,
  });
  expect(warningMessage(TROUBLE, '2025-09-19T20:45:00.000Z').id).toBe(warning.id);
});

test('reminder and all-clear refer to the warning, and say what they are in the title', () => {
  const warning = warningMessage(TROUBLE, '2025-09-18T20:45:00.000Z');
  expect(reminderMessage(TROUBLE, '2025-09-21T20:45:00.000Z')).toMatchObject({
    id: `${warning.id}/again`,
    kind: 'warning',
    title: 'Still: The disk is nearly full',
    refersTo: warning.id,
  });
  expect(allClearMessage(warning, 'It works again.', '2025-09-22T20:45:00.000Z')).toMatchObject({
    id: `${warning.id}/all-clear`,
    kind: 'all-clear',
    title: 'All clear: The disk is nearly full',
    lead: 'It works again. No action needed. What the warning said: Only 150 MB are free. Make room.',
    refersTo: warning.id,
  });
});
