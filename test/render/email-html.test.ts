import { expect, test } from 'vitest';
import type { Message } from '../../src/message/message.ts';
import { renderHtml } from '../../src/render/email-html.ts';
import { exampleMessage, outgoing } from '../support/examples.ts';

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
};

test('whatever comes from outside is escaped, in every part', () => {
  const html = renderHtml(outgoing(exampleMessage(EVERYWHERE)));
  for (const part of [1, 2, 3, 4, 5, 6, 7, 8, 9]) expect(html).toContain(`${part}${ESCAPED}`);
  expect(html).not.toMatch(/<script|<img|onerror="/);
});

test('nothing is loaded from outside: no picture, script, style sheet, form or address', () => {
  const html = renderHtml(outgoing(exampleMessage(), { repeat: true }));
  expect(html).not.toMatch(/<(img|script|link|iframe|form|object|style)\b/);
  expect(html).not.toMatch(/https?:|\/\/|url\(|@import|\ssrc=|\shref=/);
});

test('every element that is opened is closed, in order', () => {
  const open: string[] = [];
  for (const [, slash, name = ''] of renderHtml(outgoing()).matchAll(/<(\/?)([a-z]\w*)/g)) {
    if (['meta', 'br'].includes(name)) continue;
    if (slash === '') open.push(name);
    else expect(open.pop()).toBe(name);
  }
  expect(open).toEqual([]);
});

test('it says all that the text says, numbers to the right', () => {
  const message = exampleMessage({ notes: ['Careful.'] });
  const html = renderHtml(outgoing(message)).replaceAll('&amp;', '&').replaceAll('&#39;', "'");
  const parts = message.sections.flatMap(({ heading, paragraphs, table }) => [
    heading,
    ...paragraphs,
    ...(table?.columns.map(({ title }) => title) ?? []),
    ...(table?.rows.flat() ?? []),
  ]);
  for (const part of [message.title, message.lead, 'Careful.', ...parts, ...message.footer, `Id: ${message.id}`]) {
    expect(html).toContain(part);
  }
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
  expect(around).toHaveLength(2);
  for (const tag of around) expect(tag).toContain('table-layout:fixed');
});

test('a table shows first what a phone has room for', () => {
  const headers = (renderHtml(outgoing()).match(/<th [^>]*>[^<]*/g) ?? []).map((cell) => cell.replace(/^[^>]*>/, ''));
  expect(headers.slice(0, 2)).toEqual(['Record close', '12 months']);
});
