import { describe, expect, test } from 'vitest';
import { type FeedFrame, feedEntry, MOST_ENTRIES, readFeed, renderFeed } from '../../src/render/feed.ts';
import { nameUuid } from '../../src/render/name-uuid.ts';
import { elementsOf, readAtom } from '../support/atom.ts';
import { exampleMessage } from '../support/examples.ts';

const FRAME: FeedFrame = {
  id: '6ba7b810-9dad-11d1-80b4-00c04fd430c8',
  since: '2025-09-17T20:45:00.000Z',
  title: 'Breakout Bell: Russell 2000',
  note: undefined,
  self: undefined,
  publicUrl: undefined,
};

const OTHER = exampleMessage({
  id: 'russell-2000/2025-09-18/correction',
  kind: 'correction',
  createdAt: '2025-09-19T20:45:00.000Z',
});

const textsOf = (xml: string, name: string) =>
  elementsOf(xml)
    .filter((element) => element.name === name)
    .map(({ text }) => text);

test('the UUID of a name is that of RFC 9562', () => {
  // Its example of version 5, A.4.
  expect(nameUuid('6ba7b810-9dad-11d1-80b4-00c04fd430c8', 'www.example.com')).toBe(
    '2ed6657d-e927-568b-95e1-2665a8aea6a2',
  );
});

test('a feed of no entry is one too, and says since when', () => {
  const feed = readAtom(renderFeed(FRAME, []));
  expect(feed).toMatchObject({ title: { value: FRAME.title }, updated: FRAME.since });
  expect(feed.entries ?? []).toEqual([]);
});

test('entries are read back by a feed reader, the newest first, with links where there is an address', () => {
  const frame = { ...FRAME, self: 'https://feeds.example.com/bell.xml?a=1&b=2', publicUrl: 'https://bell.example.com' };
  const xml = renderFeed(
    frame,
    [exampleMessage(), OTHER].map((message) => feedEntry(frame, message)),
  );
  const feed = readAtom(xml);
  expect(feed).toMatchObject({
    updated: OTHER.createdAt,
    authors: [{ name: 'Breakout Bell', uri: 'https://bell.example.com/' }],
    links: [
      { rel: 'self', type: 'application/atom+xml', href: 'https://feeds.example.com/bell.xml?a=1&b=2' },
      { rel: 'alternate', type: 'text/html', href: 'https://bell.example.com/' },
    ],
  });
  expect(feed.entries).toMatchObject([
    { title: { value: OTHER.title }, published: OTHER.createdAt, updated: OTHER.createdAt },
    {
      title: { value: exampleMessage().title },
      categories: [{ term: 'alert' }],
      links: [{ href: 'https://bell.example.com/?signal=russell-2000#event-2025-09-18' }],
    },
  ]);
});

test('without an address there is no link that leads nowhere', () => {
  const xml = renderFeed(FRAME, [feedEntry(FRAME, exampleMessage())]);
  readAtom(xml);
  expect(xml).not.toMatch(/<link|<uri/);
});

test('an id hangs on the feed and the message alone', () => {
  const [message, settings] = [exampleMessage(), { publicUrl: 'https://elsewhere.example.com' }];
  const { id } = feedEntry(FRAME, message);
  expect(feedEntry({ ...FRAME, ...settings }, { ...message, title: 'Other', createdAt: OTHER.createdAt }).id).toBe(id);
  expect(feedEntry(FRAME, OTHER).id).not.toBe(id);
  // Another bot that watches the same has a feed of its own.
  expect(feedEntry({ ...FRAME, id: '6ba7b811-9dad-11d1-80b4-00c04fd430c8' }, message).id).not.toBe(id);
});

/** Controls, what is no character, and half a pair of surrogates. */
const FORBIDDEN = ['\u0000', '\u0008', '\u001b', '\ufffe', '\ud800'];

describe('hostile texts', () => {
  const hostile =
    '</entry><script>alert(1)</script> ]]> & &amp; <!-- "quoted" \'single\' \u0000\u0008\u001b\ufffe\ud800 end';
  const message = exampleMessage({
    title: hostile,
    lead: hostile,
    notes: [hostile],
    sections: [
      {
        heading: hostile,
        paragraphs: [hostile],
        table: { columns: [{ title: hostile, align: 'left', essential: true }], rows: [[hostile]] },
      },
    ],
    footer: [hostile],
  });
  const xml = renderFeed({ ...FRAME, title: hostile, note: hostile }, [feedEntry(FRAME, message)]);

  test('stay texts, and what XML forbids is replaced', () => {
    const feed = readAtom(xml);
    const shown = FORBIDDEN.reduce((text, character) => text.replace(character, '\ufffd'), hostile);
    expect(textsOf(xml, 'title')).toEqual([shown, shown]);
    expect(feed.entries).toHaveLength(1);
    const [content = ''] = textsOf(xml, 'content');
    expect(content).toContain('&lt;script&gt;');
    expect(content).not.toContain('<script');
  });

  test('are no entries when a document is read back', () => {
    expect(readFeed(xml)?.entries).toHaveLength(1);
  });
});

test('the hit rate never stands without that of any day', () => {
  const message = exampleMessage();
  const xml = renderFeed(FRAME, [feedEntry(FRAME, message)]);
  const [rate = ''] = message.followed?.match(/\d+ of \d+ \(any day: \d+%\)/) ?? [];
  expect(rate).toMatch(/of 3 \(any day: /);
  for (const name of ['summary', 'content']) expect(textsOf(xml, name)[0]).toContain(rate);
  expect(textsOf(xml, 'title').join()).not.toMatch(/\d of \d/);
});

test('what concerns only the operator is left out', () => {
  const message = exampleMessage({ operator: ['npm run secret-of-the-operator'] });
  expect(feedEntry(FRAME, message).xml).not.toContain('secret-of-the-operator');
});

describe('a document that is read back', () => {
  const entries = [exampleMessage(), OTHER].map((message) => feedEntry(FRAME, message));

  test('has its id and its entries as they were', () => {
    const xml = renderFeed(FRAME, entries);
    expect(readFeed(xml)).toEqual({ id: FRAME.id, entries: entries.toReversed() });
    expect(renderFeed(FRAME, readFeed(xml)?.entries ?? [])).toBe(xml);
  });

  test('is none where it is something else', () => {
    for (const text of ['', '<html></html>', '<?xml version="1.0"?>\n<feed xmlns="x">\n<id>urn:x</id>\n</feed>']) {
      expect(readFeed(text)).toBeUndefined();
    }
  });

  test('gives way to what the ledger says of the same message', () => {
    const older = feedEntry(FRAME, exampleMessage({ title: 'As it was' }));
    const xml = renderFeed(FRAME, [...entries, older]);
    expect(xml).not.toContain('As it was');
    expect(readAtom(xml).entries).toHaveLength(2);
  });
});

test('so many entries stay, the newest', () => {
  const many = Array.from({ length: MOST_ENTRIES + 5 }, (_, at) =>
    feedEntry(
      FRAME,
      exampleMessage({ id: `s/${at}/alert`, createdAt: new Date(Date.UTC(2025, 0, 1) + at * 60_000).toISOString() }),
    ),
  );
  const feed = readAtom(renderFeed(FRAME, many));
  expect(feed.entries).toHaveLength(MOST_ENTRIES);
  expect(feed.entries?.[0]?.id).toBe(`urn:uuid:${many.at(-1)?.id}`);
});
