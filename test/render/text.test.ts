import { expect, test } from 'vitest';
import { alertMessage } from '../../src/message/alert.ts';
import { drillMessage } from '../../src/message/drill.ts';
import type { Table } from '../../src/message/message.ts';
import { renderText } from '../../src/render/text.ts';
import { alignTable, essential } from '../../src/render/text-table.ts';
import { exampleMessage, NO_MARKET_DATA, outgoing, realOccasion, smallOccasion, TELLING } from '../support/examples.ts';

const TABLE: Table = {
  columns: [
    { title: 'Record close', align: 'left', essential: true },
    { title: 'Quiet days', align: 'right', essential: false },
    { title: '12 months', align: 'right', essential: true },
  ],
  rows: [
    ['5 Apr 2004', '1,488', '+2.7%'],
    ['29 Dec 1999', '617', '−9.8%'],
  ],
};

test('a table is aligned: words to the left, numbers to the right, nothing at the end of a line', () => {
  expect(alignTable(TABLE)).toEqual([
    'Record close  Quiet days  12 months',
    '5 Apr 2004         1,488      +2.7%',
    '29 Dec 1999          617      −9.8%',
  ]);
});

test('what takes two code units is one column wide, and a left column ends without blanks', () => {
  const columns = [
    { title: 'a', align: 'right', essential: true },
    { title: 'long title', align: 'left', essential: true },
  ] as const;
  expect(alignTable({ columns, rows: [['🔔🔔', 'x']] })).toEqual([' a  long title', '🔔🔔  x']);
});

test('a narrow display gets the essential columns', () => {
  expect(essential(TABLE)).toEqual({
    columns: [TABLE.columns[0], TABLE.columns[2]],
    rows: [
      ['5 Apr 2004', '+2.7%'],
      ['29 Dec 1999', '−9.8%'],
    ],
  });
});

test('the text has title, opening, notes, sections, a word for the operator, footer and id, in this order', () => {
  const message = exampleMessage({
    title: 'Title',
    lead: 'Lead.',
    followed: 'Followed.',
    doubt: 'Doubt.',
    operator: ['Look.'],
    notes: ['Careful.'],
    sections: [{ heading: 'Head', paragraphs: ['One.', 'Two.'], table: TABLE }],
    footer: ['Rule.', 'Data.'],
  });
  expect(renderText(outgoing(message, { repeat: true }))).toBe(`Title
=====

Lead.

Followed. Doubt.

Note: This may be a repeat: it is not known whether an earlier attempt
arrived.

Note: Careful.

Head
----
One.

Two.

${alignTable(TABLE).join('\n')}

For the operator
----------------
Look.

Rule.
Data.
Id: russell-2000/2025-09-18/alert
`);
});

test('only a repeat says that it may be one', () => {
  expect(renderText(outgoing())).not.toContain('repeat');
});

test.each([
  ['not taken', 'The attachments were refused; the charts are'],
  ['not drawn', 'The pictures could not be drawn; the charts are'],
] as const)('pictures that are %s are told in one line, and the operator where they are', (lacking, words) => {
  const text = renderText(outgoing(exampleMessage({ operator: [] }), { lacking })).replace(/\n(?!\n)/g, ' ');
  expect(text).toContain(`Note: ${words} on the page.`);
  const [, forOperator] = text.split('For the operator');
  expect(forOperator).toContain('The page with the charts: the daemon serves it, and so does npm run dashboard.');
});

/** Lines that belong to no table: a table's have two blanks between columns. */
function prose(text: string): string[] {
  return text.split('\n').filter((line) => !/\S {2,}\S/.test(line));
}

test.each([
  ['an alert', exampleMessage()],
  ['a late one', alertMessage(TELLING, smallOccasion(), 'nobody looked between one evening and another. '.repeat(9))],
  ['a drill', drillMessage(TELLING, smallOccasion())],
])('the prose of %s is at most 78 columns wide and no word of it is lost', (_, message) => {
  const text = renderText(outgoing(message));
  expect(Math.max(...prose(text).map((line) => line.length))).toBeLessThanOrEqual(78);
  const flat = text.replace(/\s+/g, ' ');
  for (const part of [message.lead, ...message.notes, ...message.sections.flatMap(({ paragraphs }) => paragraphs)]) {
    expect(flat).toContain(part.trim().replace(/ +/g, ' '));
  }
});

test('lines are filled up to 78 columns, a longer word stands alone', () => {
  const lead = `${'x'.repeat(39)} ${'y'.repeat(38)} z ${'w'.repeat(90)} end`;
  const [, , , ...lines] = renderText(outgoing(exampleMessage({ lead }))).split('\n');
  expect(lines.slice(0, 4)).toEqual([`${'x'.repeat(39)} ${'y'.repeat(38)}`, 'z', 'w'.repeat(90), 'end']);
});

test('the prose of the real alert is at most 78 columns wide, and its tables are aligned', ({ skip }) => {
  const real = realOccasion();
  if (real === undefined) return skip(NO_MARKET_DATA);
  const lines = renderText(outgoing(alertMessage(real.labels, real.eventStudy, null))).split('\n');
  expect(Math.max(...prose(lines.join('\n')).map((line) => line.length))).toBeLessThanOrEqual(78);
  const table = lines.slice(lines.findIndex((line) => line.startsWith('Record close ')));
  expect(new Set(table.slice(0, 12).map((line) => line.length)).size).toBe(1);
});

test('the way to the page is one line, however long, and no line without an address', () => {
  const page = `https://bell.example.com/?signal=${'a'.repeat(80)}#event-2025-09-18`;
  expect(renderText(outgoing(exampleMessage(), { page }))).toContain(`\nOn the page: ${page}\n`);
  expect(renderText(outgoing())).not.toContain('On the page');
  const seen = `https://bell.example.com/seen/${'a'.repeat(120)}`;
  expect(renderText(outgoing(exampleMessage(), { seen }))).toContain(`\nMark as seen: ${seen}\n`);
  expect(renderText(outgoing())).not.toContain('Mark as seen');
});
