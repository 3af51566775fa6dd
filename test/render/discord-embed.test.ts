import type { APIEmbed } from 'discord.js';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { alertMessage } from '../../src/message/alert.ts';
import type { Message, Section } from '../../src/message/message.ts';
import { type Trouble, warningMessage } from '../../src/message/warning.ts';
import { renderDiscord } from '../../src/render/discord-embed.ts';
import { brokenLimit } from '../support/discord-limits.ts';
import { exampleMessage, NO_MARKET_DATA, outgoing, realOccasion } from '../support/examples.ts';

const TROUBLE: Trouble = {
  name: 'disk',
  since: '2025-09-18',
  title: 'The disk is nearly full',
  text: 'Only 150 MB are free. Make room.',
  again: false,
  blocking: false,
  about: null,
};

function embedOf(message: Message, repeat = false, mention?: string, link?: string): APIEmbed {
  const [embed] = renderDiscord(outgoing(message, { repeat }), mention, link).embeds ?? [];
  if (embed === undefined) throw new Error('there is no embed');
  return embed;
}

/** Long and odd: markup, mentions, fences, emoji, new lines, and much of it. */
const odd = fc
  .array(
    fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 40 }),
      fc.constantFrom(
        '@everyone',
        '@here',
        '<@&1>',
        '```',
        '`',
        '**',
        '||',
        '\\',
        '[x](https://e.vil)',
        '\n# ',
        '\n> ',
        '🔔',
      ),
      fc.integer({ min: 0, max: 3000 }).map((length) => 'x'.repeat(length)),
    ),
    { maxLength: 12 },
  )
  .map((parts) => parts.join(' '));

const section: fc.Arbitrary<Section> = fc
  .record({
    heading: odd.map((text) => `H${text}`),
    paragraphs: fc.array(odd, { maxLength: 4 }),
    columns: fc.array(fc.record({ title: odd, align: fc.constantFrom('left', 'right'), essential: fc.boolean() }), {
      minLength: 1,
      maxLength: 4,
    }),
    rows: fc.array(fc.array(fc.oneof(fc.string({ maxLength: 12 }), odd), { minLength: 4, maxLength: 4 }), {
      maxLength: 60,
    }),
    withTable: fc.boolean(),
  })
  .map(({ heading, paragraphs, columns, rows, withTable }) => ({
    heading,
    paragraphs,
    table: withTable ? { columns, rows: rows.map((row) => row.slice(0, columns.length)) } : null,
  }));

const message: fc.Arbitrary<Message> = fc
  .record({
    id: fc.stringMatching(/^[a-z0-9-]{1,60}\/[a-z0-9-]{1,300}\/alert$/),
    kind: fc.constantFrom('alert', 'correction', 'retraction', 'warning', 'drill'),
    title: odd,
    lead: odd,
    notes: fc.array(odd, { maxLength: 5 }),
    sections: fc.array(section, { maxLength: 30 }),
    footer: fc.array(odd, { maxLength: 5 }),
  })
  .map((parts) => exampleMessage(parts));

const RUNS = { numRuns: 150, seed: 20_250_918 };

describe('whatever a message holds', () => {
  test('its embed keeps within the limits of Discord', () => {
    fc.assert(
      fc.property(message, fc.boolean(), (any, repeat) => {
        const payload = renderDiscord(outgoing(any, { repeat }), '<@&123>', 'https://discord.com/channels/1/2/3');
        const [embed] = payload.embeds ?? [];
        expect(payload.embeds).toHaveLength(1);
        expect(brokenLimit(payload, [])).toBeUndefined();
        for (const { name, value } of embed?.fields ?? []) {
          expect(name.length).toBeGreaterThan(0);
          expect(value.length).toBeGreaterThan(0);
        }
      }),
      RUNS,
    );
  });

  test('its id stands wholly in the last line of the footer', () => {
    fc.assert(
      fc.property(message, (any) => {
        expect(embedOf(any).footer?.text.split('\n').at(-1)).toBe(any.id);
      }),
      RUNS,
    );
  });

  test('no code block is broken', () => {
    fc.assert(
      fc.property(message, (any) => {
        const { title = '', description = '', fields = [] } = embedOf(any);
        expect(title + description).not.toContain('```');
        for (const { value } of fields) {
          const [before, block, after, ...more] = value.split('```');
          expect(more).toEqual([]);
          expect(block === undefined).toBe(after === undefined);
          expect(block ?? '').not.toContain('`');
          expect(before ?? '').not.toMatch(/(?<!\\)`/);
        }
      }),
      RUNS,
    );
  });

  test('nobody is mentioned but the role that is set up', () => {
    fc.assert(
      fc.property(message, (any) => {
        const payload = renderDiscord(outgoing(any), '<@&123>');
        expect(payload).toMatchObject({ content: '<@&123>', allowed_mentions: { parse: [], roles: ['123'] } });
        expect(Object.keys(payload.allowed_mentions ?? {})).toEqual(['parse', 'roles']);
        const { title, description, fields = [] } = payload.embeds?.[0] ?? {};
        // Outside of code blocks, where Discord reads no mention, none is left as it was.
        const shown = [
          title,
          description,
          ...fields.flatMap(({ name, value }) => [name, value.replace(/```[\s\S]*```/, '')]),
        ];
        expect(shown.join('\n')).not.toMatch(/@everyone|@here|(?<!\\)<@/);
      }),
      RUNS,
    );
  });

  test('text is whole: no half of a surrogate pair is left where it was cut', () => {
    for (const padding of ['', 'x']) {
      const bells = padding + '🔔'.repeat(2000);
      const sections = [{ heading: bells, paragraphs: [bells], table: null }];
      const embed = embedOf(exampleMessage({ title: bells, lead: bells, sections, footer: [bells] }));
      const texts = [
        embed.title,
        embed.description,
        embed.footer?.text,
        ...(embed.fields ?? []).flatMap(Object.values),
      ];
      expect(texts.map((text) => String(text).isWellFormed())).not.toContain(false);
    }
  });
});

test('a message whose every part is full keeps within 6,000 characters, with its id whole', () => {
  const full = 'x'.repeat(5000);
  const columns = [{ title: 'a', align: 'left', essential: true }] as const;
  const sections = Array.from({ length: 30 }, () => ({
    heading: full,
    paragraphs: ['y'.repeat(300)],
    table: { columns, rows: Array.from({ length: 900 }, () => ['z']) },
  }));
  for (const id of ['russell-2000/2025-09-18/alert', `warning/${'w'.repeat(450)}/1`]) {
    const any = exampleMessage({ id, title: full, lead: full, notes: [full], sections, footer: [full] });
    const payload = renderDiscord(outgoing(any, { repeat: true }), '<@&123>', 'https://discord.com/channels/1/2/3');
    expect(brokenLimit(payload, [])).toBeUndefined();
    expect(payload.embeds?.[0]?.footer?.text).toMatch(new RegExp(`…\n${id}$`));
    expect(payload.embeds?.[0]?.footer?.text.length).toBeLessThanOrEqual(500);
  }
});

describe('mentions', () => {
  test.each([
    ['a role', '<@&123>', { parse: [], roles: ['123'] }],
    ['a user', '<@123>', { parse: [], users: ['123'] }],
  ])('%s is allowed by its id only', (_, mention, allowed) => {
    const payload = renderDiscord(outgoing(), mention);
    expect(payload.content).toBe(mention);
    expect(payload.allowed_mentions).toEqual(allowed);
  });

  test('without one there is no content and nobody is allowed', () => {
    const payload = renderDiscord(outgoing());
    expect(payload).not.toHaveProperty('content');
    expect(payload.allowed_mentions).toEqual({ parse: [] });
  });
});

test('markdown of a text is shown as it is', () => {
  const lead = '*a* _b_ ~~c~~ `d` ||e|| [f](https://g.example) <@&1> <#2> \\h @everyone\n# i\n> j\n- k';
  expect(embedOf({ ...warningMessage(TROUBLE, '2025-09-18T20:45:00.000Z'), lead }).description).toBe(
    '\\*a\\* \\_b\\_ \\~\\~c\\~\\~ \\`d\\` \\|\\|e\\|\\| \\[f](https://g.example) \\<@\u200b&1> \\<#2> \\\\h @\u200beveryone\n\\# i\n\\> j\n\\- k',
  );
});

test('the embed has title, lead, notes, link, sections, footer and colour', () => {
  const embed = embedOf(exampleMessage({ notes: ['Careful.'] }), true, undefined, 'https://discord.com/channels/1/2/3');
  expect(embed).toMatchObject({
    title: 'Russell 2000: first record close in over a year',
    color: 0x0b6e4f,
    timestamp: '2025-09-18T20:45:00.000Z',
    footer: { text: expect.stringMatching(/^Rule: .*\nData: .*\nrussell-2000\/2025-09-18\/alert$/) },
  });
  const [lead, followed, repeat, note, link] = embed.description?.split('\n\n') ?? [];
  expect(lead).toMatch(/^The Russell 2000 closed at 2,467\.70/);
  expect(followed).toMatch(/^After the 3 earlier occasions .*\(any day: 61%\)\. Too few/);
  expect(repeat).toMatch(/^\*\*Note:\*\* This may be a repeat/);
  expect(note).toBe('**Note:** Careful.');
  expect(link).toBe('[The message this refers to](https://discord.com/channels/1/2/3)');
  expect(embed.fields?.map(({ name }) => name)).toEqual([
    'What the S&P 500 did after earlier occasions',
    'Compared with any day',
    'How far to trust it',
  ]);
});

test('tables are narrow enough for a phone: essential columns in a code block', () => {
  const [followed] = embedOf(exampleMessage()).fields ?? [];
  expect(followed?.value).toMatch(
    /```\nRecord close {2}12 months\n2 Jan 2013 {7}\+25\.3%\n5 Apr 2004 {8}\+2\.7%\n29 Dec 1999 {7}−9\.8%\n```$/,
  );
});

test('a table that is too long keeps its first rows and says how many are left', () => {
  const rows = Array.from({ length: 100 }, (_, row) => [`row ${row}`, 'x'.repeat(20)]);
  const columns = ['a', 'b'].map((title) => ({ title, align: 'left', essential: true }) as const);
  const sections = [{ heading: 'Long', paragraphs: ['Text.'], table: { columns, rows } }];
  const value = embedOf(exampleMessage({ sections })).fields?.[0]?.value ?? '';
  const kept = value.match(/^row /gm)?.length ?? 0;
  expect(kept).toBeGreaterThan(10);
  expect(value).toMatch(new RegExp(`row ${kept - 1} .*\n\`\`\`\nand ${100 - kept} more$`));
});

test('the real alert is cut nowhere: all 11 occasions, the losers named', ({ skip }) => {
  const real = realOccasion();
  if (real === undefined) return skip(NO_MARKET_DATA);
  const late = 'nobody looked between 15 Sep 2025, 16:45 New York and 20 Sep 2025, 16:45 New York.';
  const embed = embedOf(alertMessage(real.labels, real.eventStudy, late), true);
  expect(JSON.stringify(embed)).not.toMatch(/…|and \d+ more/);
  expect(embed.fields?.[0]?.value.match(/^\d+ \w{3} \d{4} +[+−][\d.]+%$/gm)).toHaveLength(11);
});

test('what is cut ends with an ellipsis, not behind half of an escape', () => {
  expect(embedOf(exampleMessage({ title: '*'.repeat(300) })).title).toMatch(/^(\\\*)+…$/);
  const embed = embedOf(exampleMessage({ title: 'x'.repeat(300), lead: 'y'.repeat(5000) }));
  expect(embed.title).toMatch(/^x+…$/);
  expect(embed.description).toMatch(/^y+…$/);
});

test('a section without a word still has a value', () => {
  const sections = [{ heading: 'Empty', paragraphs: [], table: null }];
  expect(embedOf(exampleMessage({ sections })).fields).toEqual([{ name: 'Empty', value: '–' }]);
});

test('a lead of any length leaves the repeat note and the link whole', () => {
  const { description } = embedOf(
    exampleMessage({ lead: 'x'.repeat(5000) }),
    true,
    undefined,
    'https://discord.com/channels/1/2/3',
  );
  expect(description).toContain('may be a repeat');
  expect(description).toContain('(https://discord.com/channels/1/2/3)');
});

test('the way to the page is a link below the words', () => {
  const page = 'https://bell.example.com/?signal=russell-2000#event-2025-09-18';
  const { embeds = [] } = renderDiscord(outgoing(exampleMessage(), { page }));
  expect(embeds[0]?.description).toContain(`[On the page](${page})`);
  expect(renderDiscord(outgoing()).embeds?.[0]?.description).not.toContain('On the page');
});
