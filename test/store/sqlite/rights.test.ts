import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createFolderChannel } from '../../../src/channel/folder/transport.ts';
import { backup } from '../../../src/jobs/backup.ts';
import { closeToOthers } from '../../../src/store/sqlite/rights.ts';
import { runCli } from '../../support/cli.ts';
import { writeCloses } from '../../support/closes-folder.ts';
import { outgoing } from '../../support/examples.ts';
import { SEP_17, SEP_18, startStory } from '../../support/story.ts';
import { temporaryFolder } from '../../support/temporary.ts';

const isRoot = process.getuid?.() === 0;

/** The rights of every file and folder below a folder, by its path. */
function rightsBelow(folder: string): Record<string, string> {
  return Object.fromEntries(
    readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => [name, rightsOf(join(folder, name))]),
  );
}

function rightsOf(path: string): string {
  return (statSync(path).mode & 0o7777).toString(8);
}

function file(path: string, mode: number): string {
  writeFileSync(path, 'x');
  chmodSync(path, mode);
  return path;
}

describe.skipIf(process.getuid === undefined)('the rights of files (a system that has them)', () => {
  test('whatever the umask of the shell is, what a command writes is its owner’s alone', async () => {
    const [data, closes] = [join(temporaryFolder(), 'made', 'here'), temporaryFolder()];
    await writeCloses(closes, '2025-09-18', '2020-01-01');
    const env = {
      DATABASE_PATH: join(data, 'market.db'),
      MARKET_SOURCE: 'csv',
      MARKET_CSV_DIR: closes,
      OUTBOX_DIR: join(data, 'outbox'),
    };
    const before = process.umask(0);
    try {
      for (const command of ['check', 'drill', 'backup', 'doctor']) await runCli([command], env);
    } finally {
      process.umask(before);
    }
    const rights = rightsBelow(data);
    expect(Object.keys(rights).length).toBeGreaterThan(6);
    expect(rights['market.db.known']).toBe('600');
    for (const [name, mode] of Object.entries(rights)) {
      expect(mode, name).toBe(statSync(join(data, name)).isDirectory() ? '700' : '600');
    }
    expect(rightsOf(data)).toBe('700');
  });

  test('what an earlier version left open is closed when it is opened, and so is the log that SQLite makes', async () => {
    const story = await startStory();
    const { databasePath } = story.settings;
    const folder = join(databasePath, '..');
    story.configure({ OUTBOX_DIR: join(folder, 'outbox') });
    await story.round(SEP_17);
    await story.round(SEP_18);
    await story.at(SEP_18, async (app) => backup(app));
    chmodSync(folder, 0o755);
    for (const [name] of Object.entries(rightsBelow(folder))) {
      const path = join(folder, name);
      chmodSync(path, statSync(path).isDirectory() ? 0o755 : 0o644);
    }
    const foreign = [file(join(folder, 'outbox', 'shopping.txt'), 0o644), file(join(folder, 'other.db'), 0o644)];
    const open = await story.at(SEP_18, async () => rightsBelow(folder));
    for (const path of foreign) expect(rightsOf(path), path).toBe('644');
    // Folders that are there stay as they are.
    expect([rightsOf(folder), open.outbox, open.backups]).toEqual(['755', '755', '755']);
    const files = Object.entries(open).filter(([name]) => /market|russell/.test(name));
    expect(files.length).toBeGreaterThan(6);
    expect(Object.keys(open)).toContain('market.db-wal');
    for (const [name, mode] of files) expect(mode, name).toBe('600');
  });

  test.each([
    [0o644, '600'],
    [0o666, '600'],
    [0o664, '600'],
    [0o640, '600'],
    [0o660, '600'],
    [0o604, '600'],
    [0o755, '700'],
    [0o400, '400'],
    [0o600, '600'],
  ])('a database of mode %o has then %s', (mode, closed) => {
    const databasePath = file(join(temporaryFolder(), 'market.db'), mode);
    expect(closeToOthers({ databasePath, outboxDir: undefined })).toEqual([]);
    expect(rightsOf(databasePath)).toBe(closed);
  });

  test('behind a link it is the database that is closed, with its log', () => {
    const [folder, place] = [temporaryFolder(), temporaryFolder()];
    const real = file(join(place, 'real.db'), 0o644);
    const log = file(`${real}-wal`, 0o644);
    symlinkSync(real, join(folder, 'market.db'));
    closeToOthers({ databasePath: join(folder, 'market.db'), outboxDir: undefined });
    expect([rightsOf(real), rightsOf(log)]).toEqual(['600', '600']);
  });

  test('a message that is a link, and a folder in the place of a file, are left as they are', () => {
    const [outboxDir, place] = [temporaryFolder(), temporaryFolder()];
    const target = file(join(place, 'passwords.txt'), 0o644);
    symlinkSync(target, join(outboxDir, 'drill.txt'));
    for (const end of ['html', 'json']) file(join(outboxDir, `drill.${end}`), 0o644);
    mkdirSync(join(place, 'market.db'), { mode: 0o755 });
    expect(closeToOthers({ databasePath: join(place, 'market.db'), outboxDir })).toEqual([]);
    expect([rightsOf(target), rightsOf(join(place, 'market.db'))]).toEqual(['644', '755']);
  });

  test('a message that only a group may read stays so: somebody wanted it', () => {
    const outboxDir = temporaryFolder();
    const files = ['txt', 'html', 'json'].map((end) => file(join(outboxDir, `drill.${end}`), 0o640));
    closeToOthers({ databasePath: join(temporaryFolder(), 'none.db'), outboxDir });
    expect(files.map(rightsOf)).toEqual(['640', '640', '640']);
  });

  test('in an outbox that is shared with a group by its set-group-ID bit, the group reads old and new messages', async () => {
    const outboxDir = temporaryFolder();
    chmodSync(outboxDir, 0o2750);
    const old = ['txt', 'html', 'json'].map((end) => file(join(outboxDir, `drill.${end}`), 0o644));
    closeToOthers({ databasePath: join(temporaryFolder(), 'none.db'), outboxDir });
    expect(old.map(rightsOf)).toEqual(['640', '640', '640']);
    const before = process.umask(0o077);
    try {
      await createFolderChannel(outboxDir).send(outgoing());
    } finally {
      process.umask(before);
    }
    const made = readdirSync(outboxDir).filter((name) => name.startsWith('2025'));
    expect(made.map((name) => rightsOf(join(outboxDir, name)))).toEqual(['640', '640', '640']);
  });

  test.skipIf(!isRoot)('files of another user are left, and a line says so (needs root)', () => {
    const databasePath = file(join(temporaryFolder(), 'market.db'), 0o644);
    const log = file(`${databasePath}-wal`, 0o644);
    for (const path of [databasePath, log]) chownSync(path, 12_345, 12_345);
    expect(closeToOthers({ databasePath, outboxDir: undefined })).toEqual([
      `${databasePath} and 1 file more can be read by others and belong to another user: chmod 600 as that user, or start as that one.`,
    ]);
    expect(rightsOf(databasePath)).toBe('644');
    chmodSync(databasePath, 0o600);
    chmodSync(log, 0o600);
    expect(closeToOthers({ databasePath, outboxDir: undefined })).toEqual([]);
  });

  test('where nothing is there yet nothing is made', () => {
    const folder = join(temporaryFolder(), 'not', 'there');
    expect(closeToOthers({ databasePath: join(folder, 'market.db'), outboxDir: join(folder, 'outbox') })).toEqual([]);
    expect(existsSync(folder)).toBe(false);
  });
});
