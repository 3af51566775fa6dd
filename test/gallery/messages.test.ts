import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { TROUBLE_KINDS } from '../../src/health/troubles.ts';
import type { MessageKind } from '../../src/message/message.ts';
import { sentText } from './message-text.ts';
import { EVENINGS } from './scenes/evenings.ts';
import { EVENTS } from './scenes/events.ts';
import { OWN_WORDS } from './scenes/own-words.ts';
import { TROUBLES } from './scenes/troubles.ts';

// What people read, word for word, kept beside this test: a change of words is seen in review. After one that is meant,
// `npx vitest run test/gallery -u` writes them anew.

const FOLDER = join(import.meta.dirname, 'messages');
const SCENES = [...EVENTS, ...EVENINGS, ...OWN_WORDS, ...TROUBLES];
const SENT = SCENES.flatMap(({ messages }) => Object.entries(messages));
const SHOWN = SCENES.flatMap(({ shown = {} }) => Object.keys(shown));

/** Every kind of message: TypeScript asks for a new one here, and the test below for a sample of it. */
const KINDS = Object.keys({
  alert: 1,
  correction: 1,
  retraction: 1,
  'follow-up': 1,
  approaching: 1,
  reminder: 1,
  digest: 1,
  warning: 1,
  'all-clear': 1,
  drill: 1,
} satisfies Record<MessageKind, 1>);

describe.each(SCENES)('$title', ({ messages, shown = {}, play }) => {
  test('is told in the words that are kept', async () => {
    const { story, end } = await play();
    for (const [file, id] of Object.entries(messages)) {
      const kind = (await story.at(end, ({ ledger }) => ledger.message(id)))?.kind;
      expect(file, id).toMatch(new RegExp(`^${kind}(-|$)`));
      await expect.soft(await sentText(story, end, id)).toMatchFileSnapshot(join(FOLDER, `${file}.txt`));
    }
    for (const [file, show] of Object.entries(shown)) {
      await expect.soft(await story.at(end, show)).toMatchFileSnapshot(join(FOLDER, `${file}.txt`));
    }
  });
});

test.each(KINDS)('a message of the kind %s is among them', (kind) => {
  expect(SENT.filter(([file]) => file === kind || file.startsWith(`${kind}-`))).not.toEqual([]);
});

test('a warning of every kind of trouble is among them', () => {
  const told = SENT.flatMap(([, id]) => id.match(/^warning\/([^/]+)/)?.[1] ?? []);
  expect(TROUBLE_KINDS.filter(({ owns }) => !told.some(owns)).map(({ find }) => find.name)).toEqual([]);
});

test('none is kept that nobody is told any more', () => {
  const told = [...SENT.map(([file]) => file), ...SHOWN];
  expect(readdirSync(FOLDER).filter((file) => !told.includes(basename(file, '.txt')))).toEqual([]);
});

test.each(readdirSync(FOLDER))('%s has no count of hits without the rate of any day in its paragraph', (file) => {
  const paragraphs = readFileSync(join(FOLDER, file), 'utf8').split('\n\n');
  const counts = paragraphs.filter((text) => /\b\d+\s+of\s+\d+\b(?!\s+tries)/.test(text));
  expect(counts.filter((text) => !/any\s+(armed\s+)?day/i.test(text) && !/chance\s+alone\s+gives/.test(text))).toEqual(
    [],
  );
});
