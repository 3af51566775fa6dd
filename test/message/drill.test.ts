import { expect, test } from 'vitest';
import { drillMessage } from '../../src/message/drill.ts';
import { renderText } from '../../src/render/text.ts';
import { outgoing, smallOccasion, TELLING } from '../support/examples.ts';

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
    lead: 'This is a drill: nothing has happened. A real alert would arrive here in the same way. The example below is the event of 18 Sep 2025.',
    followed: expect.stringContaining('in 2 of 3 (any day: 61%)'),
  });
  const [example, ...evidence] = drill.sections;
  expect(example?.paragraphs).toEqual([expect.stringMatching(/^The Russell 2000 closed at 2,467\.70/)]);
  expect(evidence).toHaveLength(3);
});

test('a drill needs no example', () => {
  const drill = drillMessage(TELLING, undefined);
  expect(drill.lead).toBe('This is a drill: nothing has happened. A real alert would arrive here in the same way.');
  expect(drill).toMatchObject({ sections: [], footer: [] });
  expect(renderText(outgoing(drill))).toContain(`Id: ${drill.id}`);
});
