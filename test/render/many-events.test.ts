import { describe, expect, test } from 'vitest';
import { ntfyRequest } from '../../src/channel/ntfy/request.ts';
import type { Message, MessageKind } from '../../src/message/message.ts';
import { togetherMessage } from '../../src/message/together.ts';
import { discordFiles, renderDiscord } from '../../src/render/discord-embed.ts';
import { renderHtml } from '../../src/render/email-html.ts';
import { ROWS_IN_MAIL } from '../../src/render/email-section.ts';
import { eventsCsv } from '../../src/render/events-csv.ts';
import { renderSlack } from '../../src/render/slack-blocks.ts';
import { telegramEvidence, telegramGist } from '../../src/render/telegram-text.ts';
import { renderText } from '../../src/render/text.ts';
import { brokenLimit } from '../support/discord-limits.ts';
import { exampleMessage, outgoing } from '../support/examples.ts';

const SITE = 'https://bell.example.org';
/** The longest name that config/signals.json takes. */
const LONG = 'An index with a name as long as any that the settings accept';

/** So many events, each with its row. */
function evening(count: number, kind: MessageKind = 'alert', name = LONG): Message {
  const { line } = exampleMessage();
  if (line === undefined) throw new Error('an alert has a row');
  const members = Array.from({ length: count }, (_, at) =>
    exampleMessage({
      id: `signal-${at}/2025-09-18/${kind}`,
      kind,
      line: { ...line, name: `${name.slice(0, 55)} ${at}`, weight: count - at },
      notes: [`Found late: reason ${at}.`],
    }),
  );
  return togetherMessage({ kind, session: '2025-09-18', createdAt: '2025-09-18T20:45:00.000Z' }, members);
}

describe.each<[MessageKind, number]>([
  ['alert', 200],
  ['alert', 1000],
  ['correction', 200],
  ['retraction', 200],
  ['follow-up', 200],
])('%s of %i events', (kind, count) => {
  const message = evening(count, kind);
  const out = outgoing(message, { page: `${SITE}/messages/${message.id}`, site: SITE });

  test.each(['file', 'embed'] as const)("fits Discord's limits, with the table in the %s", (evidence) => {
    const payload = renderDiscord(out, { evidence, mention: '<@&123456789012345678>' });
    const files = discordFiles(out, { evidence });
    expect(brokenLimit(payload, files)).toBeUndefined();
    expect(payload.embeds?.[0]?.footer?.text.split('\n').at(-1)).toBe(message.id);
    expect(files.reduce((sum, { data }) => sum + data.length, 0)).toBeLessThan(10_000_000);
    expect(files.map(({ name }) => name)).toEqual(evidence === 'file' ? ['evidence.txt', 'events.csv'] : []);
  });

  test('fits Slack, Telegram and ntfy, with as many rows as there is room for', () => {
    const { blocks, text } = renderSlack(out);
    expect(blocks.length).toBeLessThanOrEqual(50);
    expect(Math.max(text.length, ...blocks.map((block) => JSON.stringify(block).length))).toBeLessThan(3200);
    expect(JSON.stringify(blocks)).toMatch(/and \d+ more/);
    const evidence = telegramEvidence(out)?.text ?? '';
    expect(evidence.length).toBeLessThanOrEqual(4096);
    expect(evidence).toMatch(/\nand [\d,]+ more\n/);
    expect(evidence).toContain(`Evidence of ${message.id}`);
    expect(telegramGist(out, 4096).text).toContain(`${SITE}/messages/${message.id}`);
    expect(Buffer.byteLength(String(ntfyRequest(out).body))).toBeLessThanOrEqual(4096);
  });

  test('has every row in the text and the file', () => {
    const rows = renderText(out)
      .split('\n')
      .filter((line) => line.startsWith(LONG.slice(0, 55)));
    // The notes begin with a name too, and are broken into lines.
    expect(rows.length).toBeGreaterThanOrEqual(count);
    const csv = eventsCsv(out)?.trim().split('\r\n') ?? [];
    expect(csv).toHaveLength(count + 1);
    expect(csv.at(-1)).toMatch(
      new RegExp(`,signal-${count - 1}/2025-09-18/${kind},${SITE}/messages/signal-${count - 1}/`),
    );
  });

  test('is a mail that Gmail does not cut: it clips at 102 kB', () => {
    const html = renderHtml(out, undefined, ROWS_IN_MAIL);
    expect(Buffer.byteLength(html)).toBeLessThan(102_000);
    expect(html).toContain(`And ${(count - ROWS_IN_MAIL).toLocaleString('en')} more, in events.csv.`);
    expect(renderHtml(out)).not.toContain('more, in events.csv');
  });
});

test('a table on the phone never has a hit rate without that of any day', () => {
  const { columns = [] } = evening(4).sections[0]?.table ?? {};
  const essential = columns.filter((column) => column.essential).map(({ title }) => title);
  expect(essential).toEqual(['Index', 'Higher (any day)', 'Close', 'Quiet days']);
});

test('what differs from row to row has a column, and what does not is said before', () => {
  const [one, two] = [exampleMessage(), exampleMessage({ id: 'other/2025-09-17/alert' })];
  const { line } = two;
  if (line === undefined) throw new Error('an alert has a row');
  const cells = { ...line.cells, Session: '17 Sep 2025', Benchmark: 'DAX' };
  const other = { ...two, line: { ...line, name: 'Other', quietYears: 2, cells } };
  const what = { kind: 'alert', session: '2025-09-18', createdAt: one.createdAt } as const;
  const message = togetherMessage(what, [one, other]);
  expect(message.title).toBe('2 indices: first record close after a long wait');
  expect(message.sections[0]?.table?.columns.map(({ title }) => title)).toEqual([
    'Index',
    'Higher (any day)',
    'Session',
    'Close',
    'Day',
    'Record passed',
    'Quiet days',
    'Benchmark',
  ]);
  expect(message.footer.slice(0, 2)).toEqual([
    'Rule: closes above every earlier close for the first time in over a calendar year.',
    'Rule: closes above every earlier close for the first time in over 2 calendar years.',
  ]);
  // Other events make another message.
  expect(togetherMessage(what, [one, { ...other, id: 'third/2025-09-17/alert' }]).id).not.toBe(message.id);
  expect(togetherMessage(what, [other, one]).id).toBe(message.id);
});

test('a name that a spreadsheet could trip over is quoted', () => {
  const message = evening(4, 'alert', 'S&P "500", total');
  expect(eventsCsv(outgoing(message))).toContain('"S&P ""500"", total 0",');
});
