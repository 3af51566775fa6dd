import type { APIEmbed } from 'discord.js';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { alertMessage } from '../../src/message/alert.ts';
import type { Message, Outgoing, Picture, Section } from '../../src/message/message.ts';
import { type Trouble, warningMessage } from '../../src/message/warning.ts';
import { type DiscordView, discordFiles, renderDiscord } from '../../src/render/discord-embed.ts';
import { renderText } from '../../src/render/text.ts';
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
const LINK = 'https://discord.com/channels/1/2/3';
const PICTURES: Picture[] = (['record', 'outcomes'] as const).map((name) => ({
  name,
  alt: `A chart: ${name}`,
  png: new Uint8Array([1]),
}));

function embedOf(message: Message, change: Partial<Outgoing> = {}, view: DiscordView = {}): APIEmbed {
  const [embed] = renderDiscord(outgoing(message, change), view).embeds ?? [];
  if (embed === undefined) throw new Error('there is no embed');
  return embed;
}

/** The embed of a message whose evidence is nowhere else. */
function longEmbedOf(message: Message, change: Partial<Outgoing> = {}): APIEmbed {
  return embedOf(message, change, { evidence: 'embed' });
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

const evidence = fc.constantFrom('buttons', 'file', 'embed');
const RUNS = { numRuns: 150, seed: 20_250_918 };

describe('whatever a message holds', () => {
  test('its embed keeps within the limits of Discord', () => {
    fc.assert(
      fc.property(message, fc.boolean(), evidence, (any, repeat, evidence) => {
        const view = { mention: '<@&123>', link: LINK, evidence };
        const payload = renderDiscord(outgoing(any, { repeat, pictures: PICTURES }), view);
        const [embed] = payload.embeds ?? [];
        expect(payload.embeds).toHaveLength(2);
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
      fc.property(message, evidence, (any, evidence) => {
        expect(embedOf(any, {}, { evidence }).footer?.text.split('\n').at(-1)).toBe(any.id);
      }),
      RUNS,
    );
  });

  test('no code block is broken', () => {
    fc.assert(
      fc.property(message, (any) => {
        const { description = '', fields = [] } = longEmbedOf(any);
        expect(description).not.toContain('```');
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
        const payload = renderDiscord(outgoing(any), { mention: '<@&123>', evidence: 'embed' });
        expect(payload.allowed_mentions).toEqual({ parse: [], roles: ['123'] });
        expect(payload.content).toMatch(/^<@&123> /);
        const { description, fields = [] } = payload.embeds?.[0] ?? {};
        // Outside of code blocks, where Discord reads no mention, none is left as it was.
        const shown = [
          payload.content?.slice('<@&123> '.length),
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
      const message = exampleMessage({ title: bells, lead: bells, sections, footer: [bells] });
      const embed = longEmbedOf(message);
      const texts = [
        renderDiscord(outgoing(message)).content,
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
    const view = { mention: '<@&123>', link: LINK, evidence: 'embed' } as const;
    const payload = renderDiscord(outgoing(any, { repeat: true }), view);
    expect(brokenLimit(payload, [])).toBeUndefined();
    expect(payload.embeds?.[0]?.footer?.text).toMatch(new RegExp(`…\n${id}$`));
    expect(payload.embeds?.[0]?.footer?.text.length).toBeLessThanOrEqual(500);
  }
});

describe('mentions', () => {
  test.each([
    ['a role', '<@&123>', { parse: [], roles: ['123'] }],
    ['a user', '<@123>', { parse: [], users: ['123'] }],
  ])('%s stands before the title and is allowed by its id only', (_, mention, allowed) => {
    const payload = renderDiscord(outgoing(), { mention });
    expect(payload.content).toBe(`${mention} Russell 2000: first record close in over a year`);
    expect(payload.allowed_mentions).toEqual(allowed);
  });

  test('without one nobody is allowed', () => {
    const payload = renderDiscord(outgoing());
    expect(payload.content).toBe('Russell 2000: first record close in over a year');
    expect(payload.allowed_mentions).toEqual({ parse: [] });
  });
});

test('markdown of a text is shown as it is', () => {
  const lead = '*a* _b_ ~~c~~ `d` ||e|| [f](https://g.example) <@&1> <#2> \\h @everyone\n# i\n> j\n- k';
  expect(embedOf({ ...warningMessage(TROUBLE, '2025-09-18T20:45:00.000Z'), lead }).description).toBe(
    '\\*a\\* \\_b\\_ \\~\\~c\\~\\~ \\`d\\` \\|\\|e\\|\\| \\[f](https://g.example) \\<@\u200b&1> \\<#2> \\\\h @\u200beveryone\n\\# i\n\\> j\n\\- k',
  );
});

test('an address in a title is no link, which Discord would show a preview of', () => {
  const { content } = renderDiscord(outgoing(exampleMessage({ title: 'See https://e.vil/x' })));
  expect(content).toBe('See https\\://e.vil/x');
});

describe('on one screen of a phone', () => {
  test('the embed says what happened, what followed beside any day, how far to trust it, and no more', () => {
    const message = exampleMessage({ notes: ['Careful.'] });
    const embed = embedOf(message, { repeat: true }, { link: LINK });
    expect(embed).toMatchObject({
      color: 0x0b6e4f,
      timestamp: '2025-09-18T20:45:00.000Z',
      footer: { text: 'russell-2000/2025-09-18/alert' },
    });
    expect(embed).not.toHaveProperty('fields');
    expect(embed.description?.split('\n\n')).toEqual([
      message.lead,
      'After the 3 earlier occasions the S&P 500 was higher a year later in **2 of 3 (any day: 61%)**.\n' +
        'Too few to say anything: chance does this well 66% of the time.',
      '**Note:** This may be a repeat: it is not known whether an earlier attempt arrived.',
      '**Note:** Careful.',
      `[The message this refers to](${LINK})`,
    ]);
  });

  test('a lead or notes of any length leave what followed, the repeat note and the link whole', () => {
    const long = 'x'.repeat(5000);
    for (const change of [{ lead: long }, { notes: [long] }, { lead: long, notes: [long] }]) {
      const { description } = embedOf(exampleMessage(change), { repeat: true }, { link: LINK });
      expect(description).toContain('may be a repeat');
      expect(description).toContain('**2 of 3 (any day: 61%)**.\nToo few to say anything');
      expect(description).toContain('…');
      expect(description).toContain(`(${LINK})`);
    }
  });

  test('a message that an older version has stored has a lead alone', () => {
    const { followed: _, doubt: __, highlights: ___, ...old } = exampleMessage();
    expect(embedOf(old).description).toBe(old.lead);
  });

  test('a webhook has the evidence in a file beside its pictures, as text', () => {
    const letter = outgoing(exampleMessage(), { pictures: PICTURES });
    const { attachments } = renderDiscord(letter, { evidence: 'file' });
    expect(attachments?.map(({ id, filename }) => [id, filename])).toEqual([
      ['0', 'record.png'],
      ['1', 'outcomes.png'],
      ['2', 'evidence.txt'],
    ]);
    const files = discordFiles(letter, { evidence: 'file' });
    expect(files.map(({ name }) => name)).toEqual(['record.png', 'outcomes.png', 'evidence.txt']);
    expect(files[2]?.data.toString()).toBe(renderText(letter));
  });

  test('what has no more to say has no file', () => {
    const warning = outgoing(warningMessage(TROUBLE, '2025-09-18T20:45:00.000Z'));
    expect(renderDiscord(warning, { evidence: 'file' })).not.toHaveProperty('attachments');
    expect(discordFiles(warning, { evidence: 'file' })).toEqual([]);
  });
});

describe('pictures', () => {
  const shown = (pictures: readonly Picture[]) =>
    renderDiscord(outgoing(exampleMessage(), { pictures })).embeds?.map(({ url, image }) => [url, image?.url]);

  // Source: discord-api-docs#1418: the client groups the pictures of embeds by their address.
  test('two are one gallery: their embeds have one address, which no title makes a link', () => {
    const [record, outcomes] = shown(PICTURES) ?? [];
    expect(record?.[0]).toMatch(/^https:/);
    expect([record?.[1], outcomes]).toEqual(['attachment://record.png', [record?.[0], 'attachment://outcomes.png']]);
    const payload = renderDiscord(outgoing(exampleMessage(), { pictures: PICTURES }));
    expect(payload.embeds?.every((embed) => !('title' in embed))).toBe(true);
    expect(payload.attachments?.map(({ description }) => description)).toEqual(PICTURES.map(({ alt }) => alt));
  });

  test('one stands alone, and none needs nothing', () => {
    expect(shown(PICTURES.slice(0, 1))).toEqual([[undefined, 'attachment://record.png']]);
    expect(shown([])).toEqual([[undefined, undefined]]);
    expect(renderDiscord(outgoing())).not.toHaveProperty('attachments');
  });
});

describe('where the evidence is nowhere else', () => {
  test('the sections are in the embed, and the footer says where the figures come from', () => {
    const embed = longEmbedOf(exampleMessage());
    expect(embed.footer?.text).toMatch(/^Rule: .*\nData: .*\nrussell-2000\/2025-09-18\/alert$/);
    expect(embed.fields?.map(({ name }) => name)).toEqual([
      'What the S&P 500 did after earlier occasions',
      'Compared with any day',
      'How far to trust it',
    ]);
  });

  test('tables are narrow enough for a phone: essential columns in a code block', () => {
    const [followed] = longEmbedOf(exampleMessage()).fields ?? [];
    expect(followed?.value).toMatch(
      /```\nRecord close {2}12 months\n2 Jan 2013 {7}\+25\.3%\n5 Apr 2004 {8}\+2\.7%\n29 Dec 1999 {7}−9\.8%\n```$/,
    );
  });

  test('a table that is too long keeps its first rows and says how many are left', () => {
    const rows = Array.from({ length: 100 }, (_, row) => [`row ${row}`, 'x'.repeat(20)]);
    const columns = ['a', 'b'].map((title) => ({ title, align: 'left', essential: true }) as const);
    const sections = [{ heading: 'Long', paragraphs: ['Text.'], table: { columns, rows } }];
    const value = longEmbedOf(exampleMessage({ sections })).fields?.[0]?.value ?? '';
    const kept = value.match(/^row /gm)?.length ?? 0;
    expect(kept).toBeGreaterThan(10);
    expect(value).toMatch(new RegExp(`row ${kept - 1} .*\n\`\`\`\nand ${100 - kept} more$`));
  });

  test('the real alert is cut nowhere: all 11 occasions, the losers named', ({ skip }) => {
    const real = realOccasion();
    if (real === undefined) return skip(NO_MARKET_DATA);
    const late = 'nobody looked between 15 Sep 2025, 16:45 New York and 20 Sep 2025, 16:45 New York.';
    const embed = longEmbedOf(alertMessage(real.labels, real.eventStudy, late), { repeat: true });
    expect(JSON.stringify(embed)).not.toMatch(/…|and \d+ more/);
    expect(embed.fields?.[0]?.value.match(/^\d+ \w{3} \d{4} +[+−][\d.]+%$/gm)).toHaveLength(11);
  });

  test('a long section may take what those before it leave of their room', () => {
    const section = (length: number) => ({ heading: 'Words', paragraphs: ['x'.repeat(length)], table: null });
    const lengths = (...sections: number[]) =>
      longEmbedOf(exampleMessage({ sections: sections.map(section) })).fields?.map(({ value }) => value.length);
    expect(lengths(1100, 1100)).toEqual([840, 840]);
    expect(lengths(800, 900, 840)).toEqual([800, 880, 840]);
    expect(lengths(100, 1100, 1100)).toEqual([100, 1024, 1024]);
  });

  test('a section without a word still has a value', () => {
    const sections = [{ heading: 'Empty', paragraphs: [], table: null }];
    expect(longEmbedOf(exampleMessage({ sections })).fields).toEqual([{ name: 'Empty', value: '–' }]);
  });
});

test('what is cut ends with an ellipsis, not behind half of an escape', () => {
  const { content } = renderDiscord(outgoing(exampleMessage({ title: '*'.repeat(300) })));
  expect(content).toMatch(/^(\\\*)+…$/);
  const { description } = embedOf(exampleMessage({ lead: 'y'.repeat(5000) }));
  expect(description).toMatch(/^y+…\n\nAfter the 3/);
});

test('the way to the page is a link below the words', () => {
  const page = 'https://bell.example.com/?signal=russell-2000#event-2025-09-18';
  const { embeds = [] } = renderDiscord(outgoing(exampleMessage(), { page }));
  expect(embeds[0]?.description).toContain(`[On the page](${page})`);
  expect(renderDiscord(outgoing()).embeds?.[0]?.description).not.toContain('On the page');
});
