import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import { backup, isBackupDue } from '../../src/jobs/backup.ts';
import { createClosesStore } from '../../src/store/sqlite/closes.ts';
import { fileOf } from '../support/file-of.ts';
import { SEP_17, type Story, startStory } from '../support/story.ts';

const folderOf = ({ settings }: Story) => join(dirname(settings.databasePath), 'backups');

const copiesOf = (story: Story) => readdirSync(folderOf(story)).sort();

const titles = ({ discord }: Story) => discord.messages.map(({ payload }) => payload.content ?? '');

describe('the copy', () => {
  test('is made by the first round with closes, then weekly; the last 4 are kept', async () => {
    const story = await startStory();
    for (const day of ['09-17', '09-18', '09-24', '10-01', '10-08', '10-15', '10-20']) {
      await story.round(`2025-${day}T20:45:00Z`);
    }
    expect(copiesOf(story)).toEqual(['09-24', '10-01', '10-08', '10-15'].map((day) => `market-2025-${day}.db`));
  });

  test('is whole, sound and of one moment, while others write', async () => {
    const story = await startStory();
    await story.check(SEP_17);
    const path = await story.at(SEP_17, async (app) => {
      fileOf(app).exec("begin; insert into facts values ('unfinished', 'yes')");
      const other = new Database(app.settings.databasePath);
      const copy = backup({ ...app, database: other });
      other.close();
      fileOf(app).exec('commit');
      return copy;
    });
    const copy = new Database(path, { readonly: true });
    expect(copy.pragma('integrity_check', { simple: true })).toBe('ok');
    expect(createClosesStore(copy).accepted('^RUT').length).toBeGreaterThan(9000);
    expect(copy.prepare("select * from facts where name = 'unfinished'").all()).toEqual([]);
    copy.close();
  });

  test('is of a file: where the ledger is in PostgreSQL none is due, and whoever asks is told what to do', async () => {
    const story = await startStory();
    await story.check(SEP_17);
    await story.at(SEP_17, async (app) => {
      expect(isBackupDue(app)).toBe(true);
      const elsewhere = { ...app, database: undefined };
      expect(isBackupDue(elsewhere)).toBe(false);
      expect(() => backup(elsewhere)).toThrow(/^the ledger is in PostgreSQL \(DATABASE_URL\): copy it with pg_dump/);
    });
  });

  test('that cannot be written is told, leaves nothing half-done, and stops nothing', async () => {
    const story = await startStory();
    writeFileSync(folderOf(story), 'a file in the way');
    const { problems } = await story.round(SEP_17);
    expect(problems).toEqual([expect.stringMatching(/^backup: .*market-2025-09-17\.db could not be written: /)]);
    expect(titles(story)).toEqual(['The weekly backup of the database failed']);
  });

  test('of other names in that folder none is ever removed', async () => {
    const story = await startStory();
    mkdirSync(folderOf(story));
    for (const name of ['market-before-restore-2025.db', 'other-2020-01-01.db', 'market-2020-01-01.txt']) {
      writeFileSync(join(folderOf(story), name), '');
    }
    for (let week = 0; week < 6; week++) {
      await story.round(new Date(Date.parse(SEP_17) + week * 7 * 86_400_000).toISOString());
    }
    expect(copiesOf(story)).toHaveLength(3 + 4);
  });
});
