import { expect, test } from 'vitest';
import { correctionMessage } from '../../src/message/correction.ts';
import { drillMessage } from '../../src/message/drill.ts';
import type { Message, Picture } from '../../src/message/message.ts';
import { renderHtml } from '../../src/render/email-html.ts';
import { exampleMessage, outgoing, smallOccasion, TELLING } from '../support/examples.ts';

const [PNG, DARK] = [new Uint8Array([1]), new Uint8Array([2])];
const RECORD: Picture = { name: 'record', alt: 'Chart of the record', png: PNG, dark: DARK };
const OUTCOMES: Picture = { name: 'outcomes', alt: 'Chart of the outcomes', png: PNG, dark: DARK };
const pictures = [RECORD, OUTCOMES];

/** What stands beside the subject in a list of mails. */
const preheaderOf = (message: Message) =>
  /<div style="display:none[^>]*>([^<]*)</.exec(renderHtml(outgoing(message)))?.[1];

const EVIL = `<script>alert(1)</script><img src=x onerror="a()">'&amp;`;
const ESCAPED = '&lt;script&gt;alert(1)&lt;/script&gt;&lt;img src=x onerror=&quot;a()&quot;&gt;&#39;&amp;amp;';

const EVERYWHERE: Partial<Message> = {
  id: `1${EVIL}`,
  title: `2${EVIL}`,
  lead: `3${EVIL}`,
  notes: [`4${EVIL}`],
  sections: [
    {
      heading: `5${EVIL}`,
      paragraphs: [`6${EVIL}`],
      table: { columns: [{ title: `7${EVIL}`, align: 'left', essential: true }], rows: [[`8${EVIL}`]] },
    },
  ],
  footer: [`9${EVIL}`],
  followed: `10${EVIL}`,
  doubt: `11${EVIL}`,
  highlights: [{ value: `12${EVIL}`, label: `13${EVIL}` }],
  operator: [`14${EVIL}`],
};

test('whatever comes from outside is escaped, in every part', () => {
  const html = renderHtml(outgoing(exampleMessage(EVERYWHERE)));
  for (let part = 1; part <= 14; part++) expect(html).toContain(`${part}${ESCAPED}`);
  expect(html).not.toMatch(/<script|<img|onerror="/);
  const evil = renderHtml(outgoing(exampleMessage(), { pictures: [{ ...RECORD, alt: EVIL }] }));
  expect(evil).toContain(`alt="${ESCAPED}"`);
});

test('nothing is loaded from outside: no picture, script, style sheet, form or address', () => {
  const html = renderHtml(outgoing(exampleMessage(), { repeat: true }));
  expect(html).not.toMatch(/<(img|script|link|iframe|form|object)\b/);
  expect(html).not.toMatch(/https?:|\/\/|url\(|@import|\ssrc=|\shref=/);
});

test('each picture of a mail and its dark twin is one that the mail has in itself', () => {
  const sources = [...renderHtml(outgoing(exampleMessage(), { pictures })).matchAll(/\ssrc="([^"]*)"/g)];
  expect(sources).toHaveLength(4);
  expect(new Set(sources.map(([, source]) => source)).size).toBe(4);
  for (const [, source] of sources)
    expect(source).toMatch(/^cid:(record|outcomes)(-dark)?\.[0-9a-f]{16}@breakout-bell$/);
});

test('every element that is opened is closed, in order', () => {
  const open: string[] = [];
  for (const [, slash, name = ''] of renderHtml(outgoing(exampleMessage(), { pictures })).matchAll(
    /<(\/?)([a-z]\w*)/g,
  )) {
    if (['meta', 'br', 'img'].includes(name)) continue;
    if (slash === '') open.push(name);
    else expect(open.pop()).toBe(name);
  }
  expect(open).toEqual([]);
});

test('it says all that the text says, numbers to the right', () => {
  const message = exampleMessage({ notes: ['Careful.'], operator: ['Look.'] });
  const html = renderHtml(outgoing(message)).replaceAll('&amp;', '&').replaceAll('&#39;', "'");
  const parts = message.sections.flatMap(({ heading, paragraphs, table }) => [
    heading,
    ...paragraphs,
    ...(table?.columns.map(({ title }) => title) ?? []),
    ...(table?.rows.flat() ?? []),
  ]);
  const { title, lead, followed = '', doubt = '', footer, id } = message;
  const opening = `${lead} ${followed} ${doubt}`;
  for (const part of [title, opening, 'Careful.', ...parts, 'Look.', ...footer, `Id: ${id}`])
    expect(html).toContain(part);
  expect(html).toMatch(/<th scope="col" align="left"[^>]*>Record close</);
  expect(html).toMatch(/<td align="right"[^>]*>−9\.8%</);
});

test('it tells its language, its character set and that it suits dark displays', () => {
  const html = renderHtml(outgoing());
  expect(html).toMatch(/^<!doctype html>\n<html lang="en">/);
  expect(html).toContain('<meta charset="utf-8">');
  expect(html).toContain('content="light dark"');
});

test('only a repeat says that it may be one', () => {
  expect(renderHtml(outgoing(exampleMessage(), { repeat: true }))).toContain('may be a repeat');
  expect(renderHtml(outgoing())).not.toContain('may be a repeat');
});

test('each kind has a colour that differs from an alert', () => {
  const colour = (kind: Message['kind']) =>
    renderHtml(outgoing(exampleMessage({ kind }))).match(/border-top:4px solid (#\w+)/)?.[1];
  expect(colour('alert')).toBe('#1a9c72');
  for (const kind of ['correction', 'retraction', 'warning', 'drill'] as const) {
    expect(colour(kind)).toMatch(/^#/);
    expect(colour(kind)).not.toBe('#1a9c72');
  }
});

// Without it every line is cut off at the right on a phone, and the box around the table never scrolls.
test('a wide table does not widen the mail: the tables around it keep their width', () => {
  const around = renderHtml(outgoing()).match(/<table role="presentation"[^>]*>/g) ?? [];
  expect(around).toHaveLength(3);
  for (const tag of around) expect(tag).toContain('table-layout:fixed');
});

test('it begins with the large figures and ends with what concerns only the operator', () => {
  const message = exampleMessage({ notes: ['Careful.'] });
  const html = renderHtml(outgoing(message, { pictures }));
  const [body = ''] = /<h1[\s\S]*/.exec(html) ?? [];
  const places = [
    message.title,
    '>2 of 3</div>',
    '>higher a year later</div>',
    '>61%</div>',
    '>any day</div>',
    '>+2.7%</div>',
    '>median (any day: +9.1%)</div>',
    message.lead,
    'Careful.',
    'Chart of the record',
    'Chart of the outcomes',
    'Compared with any day',
    'For the operator',
    'npm run study',
    'Rule: ',
  ].map((part) => body.indexOf(part));
  expect(places).not.toContain(-1);
  expect(places).toEqual(places.toSorted((a, b) => a - b));
});

test('an option of a command stays whole where a line ends', () => {
  expect(renderHtml(outgoing())).toContain('npm run study <span style="white-space:nowrap">-- --sensitivity</span>');
});

test('a message that an older version stored has no large figures, and its lead says it all', () => {
  const { followed, doubt, highlights, operator, ...old } = exampleMessage();
  const html = renderHtml(outgoing(old));
  expect(html).toContain(`<p style="margin:0 0 14px">${old.lead}</p>`);
  expect(html).not.toMatch(/class="figure"|For the operator|undefined/);
  expect(preheaderOf(old)).toBe(old.lead);
});

test('beside the subject of an alert stands what followed, with the rate of any day', () => {
  expect(preheaderOf(exampleMessage())).toMatch(
    /^After the 3 earlier occasions the S&amp;P 500 was higher a year later in 2 of 3 \(any day: 61%\)\. The Russell 2000 closed at/,
  );
});

test('beside the subject of what is no alert stands first that it is none', () => {
  expect(preheaderOf(drillMessage(TELLING, smallOccasion()))).toMatch(
    /^This is a drill: nothing has happened\. .*2 of 3 \(any day: 61%\)/,
  );
  const alert = exampleMessage();
  const told = { ...alert, figures: { ...alert.figures, mean: '+1.0%' } };
  const correction = correctionMessage(TELLING, smallOccasion(), {
    told,
    alert,
    first: alert.id,
    number: 1,
    returned: false,
  });
  expect(preheaderOf(correction)).toMatch(
    /^The event stands\. One figure of the earlier message has changed: mean, from \+1\.0% to \+6\.1%\. After the 3/,
  );
});

test('a correction says what has changed before its pictures', () => {
  const alert = exampleMessage();
  const told = { ...alert, figures: { ...alert.figures, mean: '+1.0%' } };
  const correction = correctionMessage(TELLING, smallOccasion(), {
    told,
    alert,
    first: alert.id,
    number: 1,
    returned: false,
  });
  const html = renderHtml(outgoing(correction, { pictures }));
  const places = ['What changed', '>+1.0%<', 'Chart of the record', 'Compared with any day'].map((part) =>
    html.indexOf(part),
  );
  expect(places).not.toContain(-1);
  expect(places).toEqual(places.toSorted((a, b) => a - b));
});

test('the columns that a narrow display may leave out are marked, and only the first table with such says so', () => {
  const html = renderHtml(outgoing());
  const headers = [...html.matchAll(/<th scope="col"( class="wide")? [^>]*>([^<]*)/g)];
  expect(headers.filter(([, wide]) => wide === undefined).map(([, , title]) => title)).toEqual([
    'Record close',
    '12 months',
    'After',
    'Higher',
    'Any day',
  ]);
  expect(html.match(/Turn the phone sideways/g)).toHaveLength(1);
  const narrow = { columns: [{ title: 'Figure', align: 'left', essential: true }], rows: [['mean']] } as const;
  const sections = [{ heading: 'Head', paragraphs: [], table: narrow }];
  expect(renderHtml(outgoing(exampleMessage({ sections })))).not.toContain('Turn the phone');
});

test('without style sheets the twins are out of sight; Outlook on Windows, which drops them too, is not shown them', () => {
  const html = renderHtml(outgoing(exampleMessage(), { pictures }));
  const twins = [...html.matchAll(/<!--\[if !mso\]><!--><div class="dark" style="([^"]*)"><img src="([^"]*)"/g)];
  expect(twins.map(([, , source]) => source)).toEqual([
    expect.stringMatching(/^cid:record-dark\./),
    expect.stringMatching(/^cid:outcomes-dark\./),
  ]);
  for (const [, style] of twins) expect(style).toBe('display:none;max-height:0;overflow:hidden');
  const { dark, ...alone } = RECORD;
  expect(renderHtml(outgoing(exampleMessage(), { pictures: [alone] }))).not.toContain('class="dark"');
});

test('the way to the page is a link, escaped', () => {
  const page = 'https://bell.example.com/?signal=a&b"#event-2025-09-18';
  const html = renderHtml(outgoing(exampleMessage(), { page }));
  expect(html).toContain(
    '<a href="https://bell.example.com/?signal=a&amp;b&quot;#event-2025-09-18" style="color:inherit">See it on the page</a>',
  );
  expect(renderHtml(outgoing())).not.toContain('on the page</a>');
});

test('the button that marks it as seen is one link, after the pictures and before the evidence', () => {
  const seen = 'https://bell.example.com/seen/abc.def-_.ghi"';
  const html = renderHtml(outgoing(exampleMessage(), { seen }));
  const [before = '', after = ''] = html.split('href="https://bell.example.com/seen/abc.def-_.ghi&quot;"');
  expect(before).toContain('It is the first record close');
  expect(before).not.toContain('<h2');
  expect(after).toMatch(/^[^>]*>Mark as seen<\/a>/);
  expect(after).toContain('How far to trust it');
  expect(renderHtml(outgoing())).not.toContain('Mark as seen');
});
