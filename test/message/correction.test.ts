import { describe, expect, test } from 'vitest';
import { alertMessage } from '../../src/message/alert.ts';
import { changedFigures, correctionMessage, messageId } from '../../src/message/correction.ts';
import type { Message } from '../../src/message/message.ts';
import { retractionMessage } from '../../src/message/retraction.ts';
import { exampleMessage, occasionWithoutBenchmark, smallOccasion, TELLING } from '../support/examples.ts';

const FIRST = 'russell-2000/2025-09-18/alert';

function printing(figures: Record<string, string>): Message {
  return exampleMessage({ figures });
}

describe('changed figures', () => {
  test.each([
    ['one that differs is named with both values', { mean: '+12.6%' }, { mean: '+12.7%' }, 1],
    ['one that is the same is none', { mean: '+12.7%' }, { mean: '+12.7%' }, 0],
    ['one that was unknown is none', { mean: 'unknown' }, { mean: '+12.7%' }, 0],
    ['one that was pending is none', { '12 months': 'pending' }, { '12 months': '−9.8%' }, 0],
    ['one that is unknown now is one', { mean: '+12.7%' }, { mean: 'unknown' }, 1],
    ['one that was not printed before is none', {}, { mean: '+12.7%' }, 0],
    ['one that is not printed any more is none', { mean: '+12.7%' }, {}, 0],
  ])('%s', (_, told, now, changes) => {
    expect(changedFigures(printing(told), printing(now))).toHaveLength(changes);
  });

  test('only printed digits count: 2,467.70 and 2,467.704 are the same', () => {
    const { event } = smallOccasion();
    const told = alertMessage(TELLING, smallOccasion(), null);
    const jittered = smallOccasion({ event: { ...event, close: 2467.704 }, change: 0.02513 });
    expect(changedFigures(told, alertMessage(TELLING, jittered, null))).toEqual([]);
    const revised = smallOccasion({ event: { ...event, close: 2467.71 } });
    expect(changedFigures(told, alertMessage(TELLING, revised, null))).toEqual([
      { name: 'Russell 2000 close', printed: '2,467.70', now: '2,467.71' },
    ]);
  });

  test('another wording, note, title or moment is no correction', () => {
    const told = alertMessage(TELLING, smallOccasion(), 'nobody looked.');
    const now = alertMessage(
      { ...TELLING, createdAt: '2025-09-25T20:45:00.000Z', origin: 'CSV files' },
      smallOccasion(),
      null,
    );
    expect(changedFigures({ ...told, lead: 'Other words', title: 'Other title' }, now)).toEqual([]);
  });

  test('a benchmark that arrives after the alert makes nothing wrong that was said', () => {
    const told = alertMessage(TELLING, occasionWithoutBenchmark(), null);
    expect(changedFigures(told, alertMessage(TELLING, smallOccasion(), null))).toEqual([]);
  });
});

describe('a correction', () => {
  const { event } = smallOccasion();
  const eventStudy = smallOccasion({ event: { ...event, close: 2468.1 } });
  const told = alertMessage(TELLING, smallOccasion(), 'nobody looked.');
  const alert = alertMessage(TELLING, eventStudy, null);
  const correction = { told, alert, first: FIRST, number: 1, returned: false };

  test('says what was printed and what is right, first of all', () => {
    const message = correctionMessage(TELLING, eventStudy, correction);
    expect(message).toMatchObject({
      id: 'russell-2000/2025-09-18/correction',
      kind: 'correction',
      session: '2025-09-18',
      refersTo: FIRST,
      title: 'Correction: Russell 2000 record close of 18 Sep 2025',
      lead: 'The event stands. One figure of the earlier message has changed: Russell 2000 close, from 2,467.70 to 2,468.10.',
      followed: alert.followed,
      figures: { 'Russell 2000 close': '2,468.10' },
      notes: [],
    });
    expect(message.sections[0]).toMatchObject({
      heading: 'What changed',
      table: { rows: [['Russell 2000 close', '2,467.70', '2,468.10']] },
    });
    expect(message.sections[1]?.paragraphs).toEqual([alert.lead]);
    expect(message.sections.slice(2)).toEqual(alert.sections);
  });

  test('of an event that returns says that it stands after all, with or without changed figures', () => {
    const returned = { ...correction, returned: true };
    const message = correctionMessage(TELLING, eventStudy, returned);
    expect(message.title).toBe('Stands after all: Russell 2000 record close of 18 Sep 2025');
    expect(message.lead).toBe(
      'The record close of 18 Sep 2025, retracted earlier, stands after all. One figure of the earlier message has changed.',
    );
    const same = correctionMessage(TELLING, eventStudy, { ...returned, told: alert });
    expect(same.lead).toBe('The record close of 18 Sep 2025, retracted earlier, stands after all.');
    expect(same.sections.map(({ heading }) => heading)).not.toContain('What changed');
  });

  test('names two of many changes, and how many more there are', () => {
    const figures = { ...alert.figures, mean: '+9.9%', median: '+1.1%', p: '0.55' };
    const { lead } = correctionMessage(TELLING, eventStudy, { ...correction, told: { ...told, figures } });
    expect(lead).toBe(
      'The event stands. 3 figures of the earlier message have changed: mean, from +9.9% to +6.1%; median, from +1.1% to +2.7%; and 1 more.',
    );
  });

  test('keeps the note of the source', () => {
    const labels = { ...TELLING, sourceNote: 'These closes are simulated.' };
    const now = alertMessage(labels, eventStudy, null);
    expect(correctionMessage(labels, eventStudy, { ...correction, alert: now }).notes).toEqual([labels.sourceNote]);
  });
});

test('ids count from the second of a kind on', () => {
  const ids = [1, 2, 3].map((number) => messageId(TELLING, '2025-09-18', 'correction', number));
  expect(ids).toEqual([
    'russell-2000/2025-09-18/correction',
    'russell-2000/2025-09-18/correction-2',
    'russell-2000/2025-09-18/correction-3',
  ]);
});

describe('a retraction', () => {
  const told = alertMessage(TELLING, smallOccasion(), null);
  const retraction = {
    close: { session: '2025-09-18', close: 2440.12 },
    record: { session: '2021-11-08', close: 2442.74 },
    told,
    first: FIRST,
    number: 1,
  };

  test('retracts the alert, says what is right and refers to the first message', () => {
    expect(retractionMessage(TELLING, retraction)).toMatchObject({
      id: 'russell-2000/2025-09-18/retraction',
      kind: 'retraction',
      session: '2025-09-18',
      refersTo: FIRST,
      title: 'Retracted: Russell 2000 record close of 18 Sep 2025',
      lead:
        'The alert of 18 Sep 2025 no longer holds and is retracted. ' +
        'The Russell 2000 closed at 2,440.12 on 18 Sep 2025, not past the record of 2,442.74 from 8 Nov 2021.',
      doubt: 'A close was revised or arrived late; two readings at least an hour apart agree.',
      figures: told.figures,
    });
  });

  test('repeats what the alert had said', () => {
    expect(retractionMessage(TELLING, retraction).sections).toEqual([
      { heading: 'What the alert said', paragraphs: [`${told.lead} ${told.followed}`], table: null },
    ]);
  });

  test('a close that equals the record did not pass it', () => {
    const equal = { ...retraction, close: { session: '2025-09-18', close: 2442.74 } };
    expect(retractionMessage(TELLING, equal).lead).toContain('not past the record of 2,442.74');
  });

  test('a record close that is not the first in over a year is still called a record close', () => {
    const newer = {
      ...retraction,
      close: { session: '2025-09-18', close: 2467.7 },
      record: { session: '2025-03-03', close: 2450 },
    };
    expect(retractionMessage(TELLING, newer).lead).toContain('a record close, but its quiet period was too short');
  });

  test('carries the note of the source and counts its id', () => {
    const labels = { ...TELLING, sourceNote: 'These closes are simulated.' };
    expect(retractionMessage(labels, { ...retraction, number: 2 })).toMatchObject({
      id: 'russell-2000/2025-09-18/retraction-2',
      notes: ['These closes are simulated.'],
    });
  });
});
