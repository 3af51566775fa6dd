import { expect, test } from 'vitest';
import { approachingId, approachingMessage } from '../../src/message/approaching.ts';
import { pageLink } from '../../src/message/page-link.ts';
import { renderDiscord } from '../../src/render/discord-embed.ts';
import { renderHtml } from '../../src/render/email-html.ts';
import { renderText } from '../../src/render/text.ts';
import type { Approaches } from '../../src/study/approaches.ts';
import { outgoing, TELLING } from '../support/examples.ts';

const STATE = {
  session: '2025-09-17',
  close: 2407.34,
  change: 0.0018,
  state: 'armed',
  record: { session: '2021-11-08', close: 2442.74 },
  quietSessions: 967,
  toRecord: 0.0147,
} as const;

const APPROACHES: Approaches = {
  all: [
    { session: '2020-11-10', record: { session: '2018-08-31', close: 1740.75 }, event: '2020-11-13', sessions: 3 },
    { session: '2024-11-08', record: STATE.record, event: null, sessions: null },
  ],
  earlier: { n: 9, soon: 5 },
  anyDay: { n: 3456, soon: 189 },
  armedSessions: 715,
};

const noteOf = (approaches: Partial<Approaches> = {}, distance = 0.02) =>
  approachingMessage(TELLING, { state: STATE, distance, approaches: { ...APPROACHES, ...approaches } });

test('says how near, since when it could ring, and that it is no signal', () => {
  expect(noteOf()).toMatchObject({
    id: 'approaching/russell-2000/2021-11-08/2',
    kind: 'approaching',
    title: 'No alert yet: Russell 2000 within 2% of its record',
    lead:
      'The Russell 2000 closed at 2,407.34 on 17 Sep 2025, within 2% of its record of 2,442.74 from 8 Nov 2021 (+1.47% away). ' +
      'It has been armed for 715 sessions: a close above the record would ring the bell.',
    // 189 of 3,456 are 5.5%.
    followed:
      'The 9 earlier times it came within 2% while armed, the record followed within 21 sessions in 5 of 9 (any armed day: 5%).',
    doubt: 'This is no signal: being near makes a record likelier, and says nothing about the S&P 500.',
  });
  expect(noteOf().sections[0]?.table?.rows).toEqual([['10 Nov 2020', '31 Aug 2018', '13 Nov 2020', '3']]);
});

test('the id is the same for the same record and distance, and another for any other', () => {
  const ids = [0.02, 0.015, 0.07, 0.005].map((distance) => approachingId('dax', '2024-01-02', distance));
  expect(ids.map((id) => id.split('/').at(-1))).toEqual(['2', '1.5', '7', '0.5']);
  expect(approachingId('dax', '2024-01-03', 0.02)).not.toBe(ids[0]);
});

test('what is not known is not made up', () => {
  const note = noteOf({ all: [], earlier: { n: 0, soon: 0 }, anyDay: { n: 0, soon: 0 }, armedSessions: null });
  expect(note.lead).toContain('It is armed: a close above');
  expect(note.followed).toBe('It has never come within 2% while armed before: there is nothing to compare it with.');
  expect(note.sections).toEqual([]);
  expect(noteOf({ earlier: { n: 1, soon: 1 }, anyDay: { n: 0, soon: 0 } }).followed).toContain(
    'The one earlier time it came within 2% while armed, the record followed within 21 sessions in 1 of 1 (any armed day: not known).',
  );
});

test('every renderer has the count beside any armed day, and that it is no signal', () => {
  const note = outgoing(noteOf());
  const { embeds = [], content } = renderDiscord(note, { evidence: 'file' });
  const shown = [renderText(note), renderHtml(note), embeds[0]?.description ?? ''];
  for (const text of shown) {
    const words = text.replace(/\s+/g, ' ');
    expect(words).toMatch(/in \**5 of 9 \(any armed day: 5%\)/);
    expect(words).toContain('This is no signal');
  }
  expect(content).toBe(note.message.title);
  // Nobody is woken by it.
  expect(JSON.stringify(embeds)).not.toContain('@');
});

test('its place on the page is where the signal stands: there is no event', () => {
  expect(pageLink('https://bell.example.com', noteOf())).toBe('https://bell.example.com/?signal=russell-2000');
});
