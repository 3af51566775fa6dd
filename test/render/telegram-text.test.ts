import { describe, expect, test } from 'vitest';
import type { Section } from '../../src/message/message.ts';
import {
  CAPTION,
  TEXT,
  type TelegramText,
  telegramEvidence,
  telegramGist,
  telegramWhole,
} from '../../src/render/telegram-text.ts';
import { exampleMessage, outgoing } from '../support/examples.ts';

const marked = ({ text, entities }: TelegramText) =>
  entities.map(({ type, offset, length }) => [type, text.slice(offset, offset + length)]);
const section = (heading: string, paragraph: string): Section => ({ heading, paragraphs: [paragraph], table: null });

describe('what a caption holds', () => {
  test('is what happened, what followed beside any day, how far to trust it, the page and the id', () => {
    const gist = telegramGist(outgoing(exampleMessage(), { page: 'https://bell.example.com/' }), CAPTION);
    const { title, lead, followed, doubt } = exampleMessage();
    expect(gist.text).toBe(
      `${title}\n\n${lead}\n\n${followed} ${doubt}\n\nOn the page: https://bell.example.com/\nId: russell-2000/2025-09-18/alert`,
    );
    expect(marked(gist)).toEqual([['bold', title]]);
  });

  test('fits, whatever there is to say', () => {
    const lead = '@ann 🔔 '.repeat(600);
    const gist = telegramGist(outgoing(exampleMessage({ lead })), CAPTION);
    expect(gist.text.length).toBeLessThanOrEqual(CAPTION);
    expect(gist.text).toMatch(/…\n\n.*2 of 3 \(any day: 61%\)/);
    expect(gist.text).toMatch(/Id: russell-2000\/2025-09-18\/alert$/);
  });
});

describe('the evidence', () => {
  test('has headings, tables in letters of one width, and whose it is', () => {
    const evidence = telegramEvidence(outgoing());
    if (evidence === undefined) throw new Error('no evidence');
    const { sections } = exampleMessage();
    const pieces = marked(evidence);
    expect(pieces.filter(([type]) => type === 'bold').map(([, text]) => text)).toEqual(
      expect.arrayContaining(sections.map(({ heading }) => heading)),
    );
    expect(pieces.filter(([type]) => type === 'pre')).toHaveLength(sections.filter(({ table }) => table).length);
    expect(evidence.text).toMatch(/\nEvidence of russell-2000\/2025-09-18\/alert$/);
  });

  test('names the sections that do not fit', () => {
    const sections = [section('One', 'a'.repeat(3000)), section('Two', 'b'.repeat(3000)), section('Three', 'c')];
    const evidence = telegramEvidence(outgoing(exampleMessage({ sections })));
    expect(evidence?.text.length).toBeLessThanOrEqual(TEXT);
    expect(evidence?.text).toContain('Not shown here for length: Two; Three');
  });

  test('is none where a message has none, or nothing of it fits', () => {
    const bare = exampleMessage({ sections: [], operator: [] });
    expect(telegramEvidence(outgoing(bare))).toBeUndefined();
    expect(
      telegramEvidence(outgoing(exampleMessage({ sections: [section('One', 'a'.repeat(5000))] }))),
    ).toBeUndefined();
  });
});

describe('a whole message in one text', () => {
  test('ends with its id', () => {
    const whole = telegramWhole(outgoing());
    expect(whole?.text).toMatch(/\nId: russell-2000\/2025-09-18\/alert$/);
    expect(whole && marked(whole)[0]).toEqual(['bold', exampleMessage().title]);
  });

  test('is none where it is too long', () => {
    expect(telegramWhole(outgoing(exampleMessage({ lead: 'a'.repeat(TEXT) })))).toBeUndefined();
  });
});

test('nobody is named: a mention would tell that person', () => {
  const words = '@everyone, ann@example.com and @bob_the_builder';
  const given = outgoing(exampleMessage({ title: words, lead: words, sections: [section(words, words)] }));
  const texts = [telegramGist(given, CAPTION), telegramEvidence(given), telegramWhole(given)];
  for (const one of texts) {
    expect(one?.text).not.toMatch(/(?<!\w)@\w/);
    expect(one?.text).toContain('ann@example.com');
    if (one !== undefined) expect(marked(one)[0]?.[1]).toBe(words.replace(/(?<!\w)@/g, '@\u2060'));
  }
});
