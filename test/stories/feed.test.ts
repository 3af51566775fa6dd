import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { createSite } from '../../src/dashboard/server.ts';
import { restore } from '../../src/jobs/restore.ts';
import { readAtom } from '../support/atom.ts';
import { ALERT, GONE, titles, warnings } from '../support/posted.ts';
import { EVENT, SEP_17, SEP_18, SEP_19, SEP_22, type Story, startStory } from '../support/story.ts';
import { temporaryFolder } from '../support/temporary.ts';

const SEP_23 = '2025-09-23T20:45:00Z';

/** The feed on the page, as a reader has it. */
async function onPage(story: Story, instant: string) {
  const answer = await story.at(instant, async (app) => createSite(app).request('/feed.xml'));
  return readAtom(await answer.text());
}

/** The kinds of the entries, the newest first. */
const kindsIn = ({ entries = [] }: ReturnType<typeof readAtom>) =>
  entries.map(({ categories }) => categories?.[0]?.term);

const idsIn = ({ entries = [] }: ReturnType<typeof readAtom>) => entries.map(({ id }) => id);

/** A close that was wrong all along: the readings of two evenings agree, and the alert is retracted. */
function takeBack(story: Story): void {
  story.setClose('^RUT', '2025-09-18', 2430);
  story.setClose('^RUT', '2025-09-19', 2420);
  for (const session of ['2025-09-22', '2025-09-23', '2025-09-24']) story.setClose('^RUT', session, 2421);
}

describe('on the page', () => {
  test('is what belongs to an event, and no digest, warning or drill', async () => {
    const story = await startStory();
    await story.round(SEP_17);
    expect(kindsIn(await onPage(story, SEP_17))).toEqual([]);
    await story.round(SEP_18);
    await story.round(SEP_19);
    await story.round('2025-10-20T21:00:00Z');
    await story.round('2025-12-18T22:00:00Z');
    const feed = await onPage(story, '2025-12-18T22:00:00Z');
    expect(kindsIn(feed)).toEqual(['follow-up', 'follow-up', 'alert']);
    expect(feed.entries?.map(({ title }) => title?.value)).toEqual([
      expect.stringMatching(/^After 3 months/),
      expect.stringMatching(/^After 1 month/),
      ALERT,
    ]);
    // There was more to read on the channels.
    expect(titles(story).length).toBeGreaterThan(3);
  });

  test('a correction and a retraction are entries of their own, and the alert stays as it was', async () => {
    const story = await startStory();
    await story.round(SEP_17);
    await story.round(SEP_18);
    const [alert] = (await onPage(story, SEP_18)).entries ?? [];
    story.setClose('^RUT', '2025-09-18', 2466.7);
    await story.round(SEP_19);
    await story.round(SEP_22);
    const corrected = await onPage(story, SEP_22);
    expect(kindsIn(corrected)).toEqual(['correction', 'alert']);
    expect(corrected.entries?.at(-1)).toEqual(alert);
    takeBack(story);
    await story.round(SEP_23);
    await story.round('2025-09-24T20:45:00Z');
    const retracted = await onPage(story, '2025-09-24T20:45:00Z');
    expect(kindsIn(retracted)).toEqual(['retraction', 'correction', 'alert']);
    expect(retracted.entries?.at(-1)).toEqual(alert);
  });

  test('what nobody has is not in it: it may still be taken back', async () => {
    const story = await startStory();
    await story.round(SEP_17);
    story.discord.fault = GONE;
    story.smtp.fault = () => ({ recipients: () => 550 });
    await story.round(SEP_18);
    expect(kindsIn(await onPage(story, SEP_18))).toEqual([]);
    takeBack(story);
    await story.round(SEP_19);
    story.discord.fault = undefined;
    story.smtp.fault = undefined;
    await story.round(SEP_22);
    expect(titles(story)).not.toContain(ALERT);
    expect(kindsIn(await onPage(story, SEP_22))).toEqual([]);
  });

  test('an alert that may have arrived is in it', async () => {
    const story = await startStory({ SMTP_URL: '', EMAIL_FROM: '', EMAIL_TO: '' });
    await story.round(SEP_17);
    story.discord.fault = () => 'accept-then-reset';
    await story.round(SEP_18);
    expect(kindsIn(await onPage(story, SEP_18))).toEqual(['alert']);
  });

  test('nothing in it names a recipient, a delivery or what concerns the operator', async () => {
    const story = await startStory();
    await story.round(SEP_17);
    await story.round(SEP_18);
    const text = await story.at(SEP_18, async (app) => (await createSite(app).request('/feed.xml')).text());
    expect(text).not.toMatch(/ann|bob@|example\.com|webhook|npm run|operator|market\.db|127\.0\.0\.1/i);
  });
});

describe('in a file', () => {
  let [story, file] = ['' as unknown as Story, ''];
  beforeEach(async () => {
    file = join(temporaryFolder(), 'public', 'feed.xml');
    mkdirSync(dirname(file));
    story = await startStory({ FEED_FILE: file, FEED_URL: 'https://feeds.example.com/bell.xml' });
  });
  const inFile = () => readAtom(readFileSync(file, 'utf8'));

  test('stands what the page has, from the first run on, for everybody to read', async () => {
    await story.round(SEP_17);
    expect(kindsIn(inFile())).toEqual([]);
    await story.round(SEP_18);
    expect(inFile()).toEqual(await onPage(story, SEP_18));
    expect(kindsIn(inFile())).toEqual(['alert']);
    expect(inFile().links).toMatchObject([{ rel: 'self', href: 'https://feeds.example.com/bell.xml' }]);
    if (process.platform !== 'win32') expect(statSync(file).mode & 0o777).toBe(0o644);
    expect(readdirSync(dirname(file))).toEqual(['feed.xml']);
  });

  test('is written only where something has changed', async () => {
    await story.round(SEP_18);
    const { ino } = statSync(file);
    await story.round(SEP_19);
    expect(statSync(file).ino).toBe(ino);
    rmSync(file);
    await story.round(SEP_22);
    expect(existsSync(file)).toBe(true);
  });

  test('that cannot be written is told in words, stops no alert, and is written once it can be', async () => {
    rmSync(dirname(file), { recursive: true });
    await story.round(SEP_17);
    await story.round(SEP_18);
    expect(titles(story)).toContain(ALERT);
    expect(warnings(story)).toEqual(['The file of the feed cannot be written']);
    const [told] = story.discord.messages.filter(({ payload }) => /file of the feed/.test(payload.content ?? ''));
    expect(told?.payload.embeds?.[0]?.description).toContain(`the folder ${dirname(file)} does not exist`);
    await story.round(SEP_19);
    expect(warnings(story)).toHaveLength(1);
    mkdirSync(dirname(file));
    await story.round(SEP_22);
    expect(kindsIn(inFile())).toEqual(['alert']);
    await story.round(SEP_23);
    expect(titles(story).at(-1)).toBe('All clear: The file of the feed cannot be written');
  });

  test('and what else lies there is not overwritten', async () => {
    writeFileSync(file, '<html>My home page</html>');
    await story.round(SEP_18);
    expect(readFileSync(file, 'utf8')).toBe('<html>My home page</html>');
    const problem = await story.at(SEP_18, async ({ ledger }) =>
      (await ledger.probes()).find(({ part }) => part === 'feed'),
    );
    expect(problem?.failure).toContain('is not a feed of this program, so it is not overwritten');
  });

  test.skipIf(process.platform === 'win32')('keeps its rights, and the link that leads to it', async () => {
    const target = join(temporaryFolder(), 'target.xml');
    writeFileSync(target, '');
    chmodSync(target, 0o640);
    symlinkSync(target, file);
    await story.round(SEP_17);
    await story.round(SEP_18);
    expect(lstatSync(file).isSymbolicLink()).toBe(true);
    expect(kindsIn(readAtom(readFileSync(target, 'utf8')))).toEqual(['alert']);
    expect(statSync(target).mode & 0o777).toBe(0o640);
  });

  test.skipIf(process.env.STORIES_ON === 'postgres')(
    'keeps what was said, under the same ids, when a copy from before it is put back',
    async () => {
      await story.round(SEP_17);
      await story.round(SEP_18);
      story.setClose('^RUT', '2025-09-18', 2466.7);
      await story.round(SEP_19);
      await story.round(SEP_22);
      const before = inFile();
      expect(kindsIn(before)).toEqual(['correction', 'alert']);
      const copy = join(dirname(story.settings.databasePath), 'backups', 'market-2025-09-17.db');
      const now = () => Date.parse('2025-09-22T22:00:00Z');
      await restore(story.settings, { now, sleep: async () => {}, random: () => 0.5, progress: () => {} }, copy);
      expect(await onPage(story, SEP_22)).toEqual(before);
      await story.round('2025-09-22T22:30:00Z');
      // The ledger has told the alert anew; the correction it no longer knows stays.
      expect(idsIn(inFile()).toSorted()).toEqual(idsIn(before).toSorted());
      expect(inFile().id).toBe(before.id);
      expect(idsIn(await onPage(story, SEP_23))).toEqual(idsIn(inFile()));
    },
  );

  test('has the same ids wherever another one leads', async () => {
    await story.round(SEP_17);
    await story.round(SEP_18);
    const before = inFile();
    const elsewhere = join(temporaryFolder(), 'feed.xml');
    story.configure({ FEED_FILE: elsewhere });
    await story.round(SEP_19);
    expect(readAtom(readFileSync(elsewhere, 'utf8'))).toEqual(before);
  });
});

test('an alert has the id that its message gives it', async () => {
  const story = await startStory();
  await story.round(SEP_17);
  await story.round(SEP_18);
  const first = await onPage(story, SEP_18);
  expect(first.entries?.[0]?.content?.value).toContain(`Id: ${EVENT}/alert`);
  expect(idsIn(await onPage(story, SEP_19))).toEqual(idsIn(first));
});
