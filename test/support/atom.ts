import { parseAtomFeed } from 'feedsmith';
import { SaxesParser } from 'saxes';
import { expect } from 'vitest';

/** RFC 3339, as RFC 4287, 3.3 wants it: an upper-case T, and a zone. */
const DATE = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$/;
/** An IRI with a scheme: RFC 4287, 4.2.6. */
const UUID_URN = /^urn:uuid:[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/;

/** A child of the feed or of an entry, by name, with its text. */
interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly parents: readonly string[];
  text: string;
}

/** Every element of a document. The parser is strict: it throws for what is not well-formed, control characters among it. */
export function elementsOf(xml: string): Element[] {
  const parser = new SaxesParser();
  const [all, open]: [Element[], Element[]] = [[], []];
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('opentag', ({ name, attributes }) => {
    const element = { name, attributes, parents: open.map((parent) => parent.name), text: '' };
    all.push(element);
    open.push(element);
  });
  parser.on('text', (text) => {
    for (const element of open.slice(-1)) element.text += text;
  });
  parser.on('closetag', () => void open.pop());
  parser.write(xml).close();
  return all;
}

/** Reads a feed as its readers do, once it keeps what RFC 4287 demands of it. */
export function readAtom(xml: string) {
  const elements = elementsOf(xml);
  expect(elements[0]).toMatchObject({ name: 'feed', attributes: { xmlns: 'http://www.w3.org/2005/Atom' } });
  const ids: string[] = [];
  for (const one of partsOf(elements)) {
    // 4.1.1 and 4.1.2: exactly one of each.
    for (const name of ['id', 'title', 'updated']) expect(one.filter((part) => part.name === name)).toHaveLength(1);
    for (const { name, text } of one) {
      if (name === 'id') ids.push(text);
      if (name === 'updated' || name === 'published') expect(text).toMatch(DATE);
    }
  }
  expect(new Set(ids).size).toBe(ids.length);
  for (const id of ids) expect(id).toMatch(UUID_URN);
  // 4.1.1: an author of the feed, as its entries name none.
  expect(elements.filter(({ name, parents }) => name === 'author' && parents.at(-1) === 'feed')).toHaveLength(1);
  return parseAtomFeed(xml);
}

/** The children of the feed, and those of each entry. */
function partsOf(elements: readonly Element[]): Element[][] {
  const starts = elements.flatMap(({ name }, at) => (name === 'entry' ? [at] : []));
  const ofFeed = elements.filter(({ parents }) => parents.length === 1);
  const ofEntries = starts.map((start, at) =>
    elements.slice(start + 1, starts[at + 1]).filter(({ parents }) => parents.length === 2 && parents[1] === 'entry'),
  );
  return [ofFeed, ...ofEntries];
}
