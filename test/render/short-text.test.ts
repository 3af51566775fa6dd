import { describe, expect, test } from 'vitest';
import { shortText } from '../../src/render/short-text.ts';
import { exampleMessage, outgoing } from '../support/examples.ts';

const LONG = 'word '.repeat(400).trim();
const PAGE = 'https://bell.example.com/?signal=russell-2000';

describe('a short text', () => {
  test('has all that is needed, and as much of the evidence as fits', () => {
    const whole = shortText(outgoing(), 10_000);
    const [first, second] = outgoing().message.sections.flatMap(({ paragraphs }) => paragraphs);
    expect(whole).toContain(second);
    const less = shortText(outgoing(), whole.length - 1);
    expect(less).toContain(first);
    expect(less.length).toBeLessThan(whole.length);
    expect(less).toMatch(/\n\nId: russell-2000\/2025-09-18\/alert$/);
  });

  test.each([200, 400, 700, 1024])(
    'of %d characters keeps the hit rate, its doubt and the id, and cuts the lead',
    (room) => {
      const text = shortText(outgoing(exampleMessage({ lead: LONG, title: 'T' })), room);
      expect(text.length).toBeLessThanOrEqual(room);
      expect(text).toMatch(/^T\n\nword.*…\n\n.*2 of 3 \(any day: 61%\)/);
      expect(text).toContain(exampleMessage().doubt);
      expect(text).toMatch(/\nId: russell-2000\/2025-09-18\/alert$/);
    },
  );

  test.each([1024, 4000])('never has more than %d, however long its parts are', (room) => {
    const long = {
      title: LONG,
      lead: LONG,
      followed: LONG,
      doubt: LONG,
      notes: [LONG, LONG, LONG],
      refersTo: 'r/2025-09-18/alert',
    };
    for (const part of Object.keys(long) as (keyof typeof long)[]) {
      for (const change of [long, { [part]: long[part] }]) {
        const text = shortText(outgoing(exampleMessage(change)), room);
        expect(text.length, part).toBeLessThanOrEqual(room);
        expect(text).toMatch(/\nId: russell-2000\/2025-09-18\/alert$/);
      }
    }
  });

  test('is counted as the service counts', () => {
    const message = exampleMessage({ lead: '🔔'.repeat(2000) });
    const lengthOf = (text: string) => Buffer.byteLength(text);
    expect(lengthOf(shortText(outgoing(message), 4000, { lengthOf }))).toBeLessThanOrEqual(4000);
    // Half a sign is none.
    expect(shortText(outgoing(message), 1001)).not.toMatch(/[\uD800-\uDBFF](?![\uDC00-\uDFFF])/);
  });

  test('leaves out what the service shows by itself, and what comes by itself', () => {
    const [paragraph] = outgoing().message.sections[0]?.paragraphs ?? [];
    const given = outgoing(exampleMessage(), { page: PAGE });
    expect(shortText(given, 4000, { withTitle: false })).not.toContain(given.message.title);
    expect(shortText(given, 4000)).not.toContain(PAGE);
    expect(shortText(given, 4000, { withPage: true })).toContain(`On the page: ${PAGE}\nId: `);
    expect(shortText(given, 4000, { withEvidence: false })).not.toContain(paragraph);
  });
});
