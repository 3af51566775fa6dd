import { describe, expect, test } from 'vitest';
import type { Section } from '../../src/message/message.ts';
import { renderSlack } from '../../src/render/slack-blocks.ts';
import { exampleMessage, outgoing } from '../support/examples.ts';

interface Block {
  readonly type: string;
  readonly text?: { readonly text: string };
  readonly elements?: readonly { readonly text: string }[];
}

const blocksOf = (...given: Parameters<typeof outgoing>) => renderSlack(outgoing(...given)).blocks as Block[];
const textsOf = (blocks: readonly Block[]) =>
  blocks.flatMap(({ text, elements = [] }) => [...(text ? [text.text] : []), ...elements.map((one) => one.text)]);
const section = (heading: string, paragraph: string, rows = 0): Section => ({
  heading,
  paragraphs: [paragraph],
  table:
    rows === 0
      ? null
      : {
          columns: [{ title: 'Session', align: 'left', essential: true }],
          rows: Array.from({ length: rows }, (_, row) => [`row ${row} <${'x'.repeat(30)}>`]),
        },
});

describe('a message for Slack', () => {
  test('begins with what happened, what followed beside any day, and how far to trust it', () => {
    const [title, lead, gist] = textsOf(blocksOf());
    expect(title).toBe('Russell 2000: first record close in over a year');
    expect(lead).toBe(exampleMessage().lead);
    expect(gist).toMatch(/2 of 3 \(any day: 61%\)\. /);
    expect(gist).toContain(exampleMessage().doubt);
  });

  // Source of the limits: docs.slack.dev, "Blocks" (50), "Section block" and "Context block" (3,000), "Header block" (150).
  test('has at most 50 blocks, of at most 3,000 characters, with a title of 150, and always its id', () => {
    const sections = Array.from({ length: 60 }, (_, index) => section(`S${index}`, '&<>'.repeat(2000), 400));
    const blocks = blocksOf(
      exampleMessage({ title: '&'.repeat(400), lead: '<'.repeat(9000), sections, footer: ['🔔'.repeat(4000)] }),
    );
    expect(blocks).toHaveLength(50);
    for (const { type, ...block } of blocks) {
      for (const text of textsOf([{ type, ...block }])) {
        expect(text.length).toBeLessThanOrEqual(type === 'header' ? 150 : 3000);
        expect(text).not.toBe('');
        // Neither half an escaped sign nor half a character.
        if (type !== 'header') expect(text).not.toMatch(/&(?!amp;|lt;|gt;)|[\uD800-\uDBFF](?![\uDC00-\uDFFF])/);
      }
    }
    expect(textsOf(blocks).at(-1)).toMatch(/Id: russell-2000\/2025-09-18\/alert$/);
  });

  test('says how many rows of a long table are left out', () => {
    const texts = textsOf(blocksOf(exampleMessage({ sections: [section('Many', 'p', 400)] })));
    const table = texts.find((text) => text.startsWith('```Session'));
    expect(table).toMatch(/```\nand \d+ more$/);
    const shown = table?.match(/row /g)?.length ?? 0;
    expect(shown + Number(table?.match(/and (\d+) more/)?.[1])).toBe(400);
  });

  test('mentions nobody, and is no markup but its own', () => {
    const words = '<!channel> <@U1> <https://evil.example|safe> & ``` @here';
    const given = exampleMessage({ lead: words, notes: [words], sections: [section(words, words)], footer: [words] });
    const texts = textsOf(blocksOf(given));
    expect(texts.join('\n')).not.toMatch(/<(?!https:\/\/bell)/);
    for (const block of blocksOf(given).filter(({ text }) => text && 'verbatim' in text))
      expect(block.text).toMatchObject({ verbatim: true });
    expect(renderSlack(outgoing(given)).text).not.toContain('<');
  });

  test('links to its place on the page', () => {
    const texts = textsOf(blocksOf(exampleMessage(), { page: 'https://bell.example.com/?a=1&b=2#event' }));
    expect(texts).toContain('<https://bell.example.com/?a=1&amp;b=2#event|On the page>');
    expect(textsOf(blocksOf()).join()).not.toContain('On the page');
  });
});
