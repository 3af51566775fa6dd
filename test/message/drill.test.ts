import { expect, test } from 'vitest';
import { drillMessage } from '../../src/message/drill.ts';
import { renderText } from '../../src/message/text.ts';
import { warningMessage } from '../../src/message/warning.ts';
import { letter, smallOccasion, TELLING } from '../support/examples.ts';

test('a drill is labelled in title and lead, and shows what an alert looks like', () => {
  const drill = drillMessage({ ...TELLING, sourceNote: 'These closes are simulated.' }, smallOccasion());
  expect(drill).toMatchObject({
    id: 'drill/2025-09-18T20:45:00.000Z',
    kind: 'drill',
    session: null,
    refersTo: null,
    figures: {},
    notes: ['These closes are simulated.'],
    title: 'Drill, not an alert: Russell 2000',
    lead: expect.stringMatching(
      /^This is a drill\. Nothing happened: .* example: The Russell 2000 closed at 2,467\.70/,
    ),
  });
  expect(drill.sections).toHaveLength(3);
});

test('a drill needs no example', () => {
  const drill = drillMessage(TELLING, undefined);
  expect(drill.lead).toBe('This is a drill. Nothing happened: it proves that an alert would arrive here.');
  expect(drill).toMatchObject({ sections: [], footer: [] });
  expect(renderText(letter(drill))).toContain(`Id: ${drill.id}`);
});

test('the id of a warning is its trouble and when that began, so that it is told once', () => {
  const trouble = {
    name: 'held-russell-2000',
    since: '2025-09-18',
    title: 'A close is held',
    text: 'Look for yourself.',
    again: false,
    blocking: false,
    about: null,
  };
  const warning = warningMessage(trouble, '2025-09-18T20:45:00.000Z');
  expect(warning).toMatchObject({
    id: 'warning/held-russell-2000/2025-09-18',
    kind: 'warning',
    signal: null,
    title: 'A close is held',
    lead: 'Look for yourself.',
  });
  expect(warningMessage(trouble, '2025-09-19T20:45:00.000Z').id).toBe(warning.id);
});
