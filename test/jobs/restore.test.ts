import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, onTestFinished, test } from 'vitest';
import { thisProcess } from '../../src/app/this-process.ts';
import { knownSeenKey } from '../../src/delivery/seen-link.ts';
import { backup } from '../../src/jobs/backup.ts';
import { restore } from '../../src/jobs/restore.ts';
import { EVENT, SEP_17, SEP_18, SEP_19, type Story, startStory } from '../support/story.ts';

const ALERT = 'Russell 2000: first record close in over a year';

const folderOf = ({ settings }: Story) => join(dirname(settings.databasePath), 'backups');

const titles = ({ discord }: Story) => discord.messages.map(({ payload }) => payload.content ?? '');

const subjects = ({ smtp }: Story) => smtp.messages.map(({ subject }) => subject);

const restoreAt = (story: Story, instant: string, file: string) =>
  restore(
    story.settings,
    { now: () => Date.parse(instant), sleep: async () => {}, random: () => 0.5, progress: () => {} },
    file,
  );

describe('a restore', () => {
  test('sends again what may have been sent since the copy, marked as a repeat, and nothing else so', async () => {
    const story = await startStory();
    await story.round(SEP_17);
    await story.round(SEP_18);
    expect(titles(story)).toEqual([ALERT]);
    const restored = await restoreAt(story, '2025-09-18T22:00:00Z', join(folderOf(story), 'market-2025-09-17.db'));
    expect(restored.until).toBe(new Date(SEP_17).toISOString());
    await story.round('2025-09-18T22:30:00Z');
    expect(titles(story)).toEqual([ALERT, ALERT]);
    expect(story.discord.messages[1]?.payload.embeds?.[0]?.description).toContain('may be a repeat');
    expect(subjects(story).slice(2)).toEqual([`${ALERT} (may be a repeat)`, `${ALERT} (may be a repeat)`]);
    // The digest of the next evening was not due before the restore.
    await story.round('2025-09-19T22:00:00Z');
    expect(subjects(story).at(-1)).toMatch(/^All is well/);
    expect(subjects(story).at(-1)).not.toContain('repeat');
  });

  test('an event after it is no repeat', async () => {
    const story = await startStory();
    await story.round(SEP_17);
    await restoreAt(story, '2025-09-18T13:00:00Z', join(folderOf(story), 'market-2025-09-17.db'));
    await story.round(SEP_18);
    expect(subjects(story)).toEqual([ALERT, ALERT]);
  });

  test('what the copy had still to send may have been sent since', async () => {
    const story = await startStory();
    await story.round(SEP_17);
    story.discord.fault = () => ({ status: 502 });
    await story.round(SEP_18);
    story.discord.fault = undefined;
    const copy = await story.at('2025-09-18T20:50:00Z', async (app) => backup(app));
    await story.round(SEP_19);
    await restoreAt(story, '2025-09-19T21:00:00Z', copy);
    await story.round('2025-09-19T21:30:00Z');
    const notes = story.discord.messages.map(({ payload }) => payload.embeds?.[0]?.description ?? '');
    expect(notes.map((text) => text.includes('may be a repeat'))).toEqual([false, true]);
    const deliveries = await story.at('2025-09-19T21:40:00Z', ({ ledger }) => ledger.deliveriesOf([`${EVENT}/alert`]));
    expect(deliveries.map(({ state }) => state)).toEqual(['sent', 'sent', 'sent']);
  });

  test('keeps who has seen an alert and the links under its mails; where that may be lost, nobody is reminded', async () => {
    const story = await startStory({ PUBLIC_URL: 'https://bell.example.com' });
    await story.round(SEP_17);
    await story.round(SEP_18);
    const at = '2025-09-18T21:00:00.000Z';
    const seen = { message: `${EVENT}/alert`, channel: 'discord-bot', who: '1', name: 'Anna', at };
    const unseen = await story.at('2025-09-18T20:50:00Z', async (app) => backup(app));
    const key = await story.at(at, ({ ledger }) => knownSeenKey(ledger));
    await story.at(at, ({ ledger }) => ledger.acknowledge(seen));
    const copy = await story.at('2025-09-18T21:10:00Z', async (app) => backup(app));
    await restoreAt(story, '2025-09-18T22:00:00Z', copy);
    const kept = await story.at(SEP_19, async ({ ledger }) => [
      await ledger.acknowledgements([seen.message]),
      await knownSeenKey(ledger),
    ]);
    expect(kept).toEqual([[seen], key]);
    await restoreAt(story, '2025-09-18T23:00:00Z', unseen);
    await story.round('2025-09-19T21:00:00Z');
    expect(titles(story)).toEqual([ALERT]);
  });

  test('keeps what was there before, and can itself be undone', async () => {
    const story = await startStory();
    await story.round(SEP_17);
    await story.round(SEP_18);
    const { kept } = await restoreAt(story, '2025-09-18T22:00:00Z', join(folderOf(story), 'market-2025-09-17.db'));
    await restoreAt(story, '2025-09-18T23:00:00Z', kept ?? '');
    await story.round('2025-09-18T23:30:00Z');
    expect(titles(story)).toEqual([ALERT]);
  });

  test('while a daemon lives is refused, and changes nothing', async () => {
    const story = await startStory();
    await story.round(SEP_17);
    const self = {
      ...thisProcess(),
      startedAt: new Date(SEP_17).toISOString(),
      seenAt: new Date(SEP_17).toISOString(),
    };
    await story.at(SEP_17, ({ ledger }) => ledger.lead(self, () => true));
    const before = readFileSync(story.settings.databasePath);
    await expect(restoreAt(story, SEP_18, join(folderOf(story), 'market-2025-09-17.db'))).rejects.toThrow(
      /the daemon is running \(process \d+ on .*\); stop it first: npm run daemon:stop/,
    );
    expect(readFileSync(story.settings.databasePath).equals(before)).toBe(true);
    await story.at(SEP_17, async ({ ledger }) => {
      await ledger.lead({ ...self, pid: 999_999_999 }, () => true);
      await ledger.instanceLives(self);
    });
    await expect(restoreAt(story, SEP_18, join(folderOf(story), 'market-2025-09-17.db'))).rejects.toThrow(
      /a standby daemon is running \(process \d+ on .*\); stop it first/,
    );
    await story.at(SEP_17, ({ ledger }) => ledger.daemonStopped(self.id));
    await restoreAt(story, SEP_18, join(folderOf(story), 'market-2025-09-17.db'));
  });

  // docs/updating.md, "Go back".
  test("refuses to replace a newer version's database, and works once that is put aside", async () => {
    const story = await startStory();
    await story.round(SEP_17);
    const { databasePath } = story.settings;
    const copy = join(folderOf(story), 'market-2025-09-17.db');
    new Database(databasePath).exec('pragma user_version = 99').close();
    await expect(restoreAt(story, SEP_18, copy)).rejects.toThrow('was written by a newer version (schema 99');
    renameSync(databasePath, `${databasePath}.newer`);
    expect(await restoreAt(story, SEP_18, copy)).toMatchObject({ kept: null });
    await story.round(SEP_18);
    expect(titles(story)).toEqual([ALERT]);
  });

  test.each([
    ['that is not there', () => '/nowhere/market.db', /does not exist; name a copy from the folder backups/],
    ['that is no database', (path: string) => writeFileSync(path, 'hello '.repeat(1000)), /cannot be read as a copy/],
    [
      'of another program',
      (path: string) => new Database(path).exec('create table t (x)').close(),
      /is not a database of Breakout Bell/,
    ],
    [
      'of a newer version',
      (path: string) => new Database(path).exec('pragma user_version = 99').close(),
      /written by a newer version/,
    ],
  ])('of a file %s is refused, and changes nothing', async (_, make, message) => {
    const story = await startStory();
    await story.round(SEP_17);
    const path = join(dirname(story.settings.databasePath), 'copy.db');
    const file = make(path);
    await expect(restoreAt(story, SEP_18, typeof file === 'string' ? file : path)).rejects.toThrow(message);
    expect((await story.check(SEP_17)).asOf).toBe('2025-09-17');
    expect(existsSync(`${story.settings.databasePath}.restoring`)).toBe(false);
  });

  test('of a damaged copy is refused', async () => {
    const story = await startStory();
    await story.round(SEP_17);
    const path = join(folderOf(story), 'market-2025-09-17.db');
    const bytes = readFileSync(path);
    bytes.fill(0xff, 4096 * 3, 4096 * 40);
    writeFileSync(path, bytes);
    await expect(restoreAt(story, SEP_18, path)).rejects.toThrow(/damaged|malformed/);
    expect((await story.check(SEP_17)).asOf).toBe('2025-09-17');
  });

  test('takes the place of a database that is damaged, which is kept', async () => {
    const story = await startStory();
    await story.round(SEP_17);
    const bytes = readFileSync(story.settings.databasePath);
    bytes.fill(0xff, 0, 8192);
    writeFileSync(story.settings.databasePath, bytes);
    await expect(story.check(SEP_18)).rejects.toThrow(/is damaged or not a database/);
    const { kept } = await restoreAt(story, SEP_18, join(folderOf(story), 'market-2025-09-17.db'));
    expect(readFileSync(kept ?? '').equals(bytes)).toBe(true);
    await story.round('2025-09-18T21:30:00Z');
    expect(titles(story)).toEqual([ALERT]);
  });

  test('of a damaged one that another process has open is refused', async () => {
    const story = await startStory();
    await story.round(SEP_17);
    writeFileSync(story.settings.databasePath, 'damaged '.repeat(1000));
    const hold =
      "require('node:fs').openSync(process.argv[1], 'r+'); process.send('open'); setInterval(() => {}, 1000)";
    const other = spawn(process.execPath, ['-e', hold, story.settings.databasePath], {
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    onTestFinished(() => void other.kill());
    await once(other, 'message');
    await expect(restoreAt(story, SEP_18, join(folderOf(story), 'market-2025-09-17.db'))).rejects.toThrow(
      new RegExp(`process ${other.pid} has .* open; stop it first`),
    );
    expect(readFileSync(story.settings.databasePath, 'utf8')).toMatch(/^damaged /);
  });

  test('marks a warning that may have been sent since, too', async () => {
    const story = await startStory();
    await story.round(SEP_17);
    for (const symbol of ['^RUT', '^GSPC']) story.setClose(symbol, '2025-09-18', undefined);
    await story.round('2025-09-19T12:30:00Z');
    await restoreAt(story, '2025-09-19T13:00:00Z', join(folderOf(story), 'market-2025-09-17.db'));
    await story.round('2025-09-19T13:30:00Z');
    const notes = story.discord.messages.map(({ payload }) => payload.embeds?.[0]?.description ?? '');
    expect(notes.map((text) => text.includes('may be a repeat'))).toEqual([false, true]);
  });

  test('into nothing keeps nothing', async () => {
    const story = await startStory();
    await story.round(SEP_17);
    const other = await startStory();
    expect(await restoreAt(other, SEP_18, join(folderOf(story), 'market-2025-09-17.db'))).toMatchObject({ kept: null });
    expect((await other.check(SEP_17)).asOf).toBe('2025-09-17');
  });

  test('of another source is refused', async () => {
    const story = await startStory();
    await story.round(SEP_17);
    const csv = { ...story.settings, source: { name: 'csv', folder: '/nowhere' } as const };
    const runtime = {
      now: () => Date.parse(SEP_18),
      sleep: async () => {},
      random: () => 0.5,
      progress: () => {},
    };
    await expect(restore(csv, runtime, join(folderOf(story), 'market-2025-09-17.db'))).rejects.toThrow(
      /contains closes from the source 'yahoo'/,
    );
  });
});
