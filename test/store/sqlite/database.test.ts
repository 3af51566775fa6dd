import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import SqliteDatabase from 'better-sqlite3';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { DatabaseError, OtherSourceError } from '../../../src/store/errors.ts';
import { openDatabase } from '../../../src/store/sqlite/database.ts';
import { noteFact, refuseOtherSource, rememberedSource } from '../../../src/store/sqlite/facts.ts';
import { temporaryFolder } from '../../support/temporary.ts';

const MIGRATIONS = join(import.meta.dirname, '../../../src/store/sqlite/migrations');
const LATEST = readdirSync(MIGRATIONS).filter((name) => name.endsWith('.sql')).length;

/** Opens, and closes when the test ends. */
function open(path: string) {
  const database = openDatabase(path);
  onTestFinished(() => void database.close());
  return database;
}

/** A file of plain SQLite, made without any of our code. */
function plainDatabase(path: string, sql: string): void {
  const database = new SqliteDatabase(path);
  database.exec(sql);
  database.close();
}

function newPath(): string {
  return join(temporaryFolder(), 'market.db');
}

function pragma(path: string, name: string): unknown {
  return open(path).pragma(name, { simple: true });
}

describe('opening', () => {
  test('makes the file, and the folders it lies in', () => {
    const path = join(temporaryFolder(), 'data', 'deep', 'market.db');
    open(path);
    expect(existsSync(path)).toBe(true);
  });

  test('works in memory, for tests', () => {
    expect(rememberedSource(open(':memory:'))).toBeUndefined();
  });

  test('writes ahead, and waits for the disk: a decision survives a power cut', () => {
    const path = newPath();
    expect(pragma(path, 'journal_mode')).toBe('wal');
    // https://www.sqlite.org/pragma.html#pragma_synchronous: 2 is FULL.
    expect(pragma(path, 'synchronous')).toBe(2);
  });

  test('keeps what belongs together: foreign keys count', () => {
    expect(pragma(newPath(), 'foreign_keys')).toBe(1);
  });

  test('waits ten seconds for the write of another process', () => {
    expect(pragma(newPath(), 'busy_timeout')).toBe(10_000);
  });
});

describe('migrations', () => {
  const schemaOf = (database: ReturnType<typeof open>) =>
    database.prepare('select name, sql from sqlite_schema order by name').all();

  test('are numbered without a gap, in the order they are applied', () => {
    const numbers = readdirSync(MIGRATIONS)
      .sort()
      .map((name) => Number(name.slice(0, 4)));
    expect(numbers).toEqual(Array.from({ length: LATEST }, (_, index) => index + 1));
  });

  test('are applied once: opening again changes nothing', () => {
    const path = newPath();
    const first = open(path);
    noteFact(first, 'source', 'yahoo');
    const schema = schemaOf(first);
    expect(first.pragma('user_version', { simple: true })).toBe(LATEST);
    const second = open(path);
    expect(schemaOf(second)).toEqual(schema);
    expect(second.pragma('user_version', { simple: true })).toBe(LATEST);
    expect(rememberedSource(second)).toBe('yahoo');
  });

  test('are applied whole or not at all', () => {
    const path = newPath();
    // A table in the way of one of ours.
    plainDatabase(path, 'create table lease (x)');
    expect(() => openDatabase(path)).toThrow(DatabaseError);
    const left = new SqliteDatabase(path, { readonly: true });
    onTestFinished(() => void left.close());
    expect(left.prepare('select name from sqlite_schema').pluck().all()).toEqual(['lease']);
    expect(left.pragma('user_version', { simple: true })).toBe(0);
  });

  test('are not applied again where another process was faster', () => {
    const path = newPath();
    const { transaction } = SqliteDatabase.prototype;
    const spy = vi.spyOn(SqliteDatabase.prototype, 'transaction').mockImplementationOnce(function (
      this: SqliteDatabase.Database,
      run,
    ) {
      // After the version was read, before the lock is held.
      openDatabase(path).close();
      return transaction.call(this, run);
    });
    expect(open(path).pragma('user_version', { simple: true })).toBe(LATEST);
    expect(spy).toHaveBeenCalledTimes(2);
    spy.mockRestore();
  });

  test('are applied once by processes that start together', { timeout: 30_000 }, async () => {
    const path = newPath();
    const url = new URL('../../../src/store/sqlite/database.ts', import.meta.url).href;
    const script = `import { openDatabase } from ${JSON.stringify(url)};
      const database = openDatabase(${JSON.stringify(path)});
      console.log(database.pragma('user_version', { simple: true }));
      database.close();`;
    const run = () => promisify(execFile)(process.execPath, ['--input-type=module', '--eval', script]);
    const answers = await Promise.all([run(), run(), run(), run()]);
    expect(answers.map(({ stdout }) => stdout.trim())).toEqual(Array(4).fill(String(LATEST)));
  });
});

describe('a file that cannot be used is refused in one line', () => {
  /** The line of the error. */
  function refusalOf(path: string): string {
    try {
      openDatabase(path).close();
    } catch (error) {
      expect(error).toBeInstanceOf(DatabaseError);
      const { message } = error as DatabaseError;
      expect(message).toContain(path);
      expect(message).not.toContain('\n');
      return message;
    }
    return expect.fail(`${path} was opened`);
  }

  test('that says to update, where a newer version wrote it, and the file stays as it is', () => {
    const path = newPath();
    const newer = openDatabase(path);
    newer.pragma(`user_version = ${LATEST + 1}`);
    newer.close();
    const before = readFileSync(path);
    expect(refusalOf(path)).toBe(
      `${path} was written by a newer version (schema ${LATEST + 1}, this one knows ${LATEST}); update Breakout Bell`,
    );
    expect(readFileSync(path).equals(before)).toBe(true);
    expect(readdirSync(join(path, '..'))).toEqual(['market.db']);
  });

  test('where it is no database, and the file stays as it is', () => {
    const path = newPath();
    const text = 'session,close\n2025-09-18,2467.70\n'.repeat(200);
    writeFileSync(path, text);
    expect(refusalOf(path)).toBe(
      `${path} is damaged or not a database (file is not a database). Stop the daemon and restore a copy: npm run restore FILE.`,
    );
    expect(readFileSync(path, 'utf8')).toBe(text);
  });

  test('where it is a folder', () => {
    const path = newPath();
    mkdirSync(path);
    expect(refusalOf(path)).toBe(`${path} is a folder; a database is a file`);
  });

  test('where its folder is a file', () => {
    const file = newPath();
    writeFileSync(file, '');
    expect(refusalOf(join(file, 'market.db'))).toContain('cannot be opened as a database');
  });

  test('and is let go of, so that it can be replaced', () => {
    const path = newPath();
    writeFileSync(path, 'no database '.repeat(100));
    refusalOf(path);
    writeFileSync(path, '');
    expect(open(path).pragma('user_version', { simple: true })).toBe(LATEST);
  });
});

describe('the source', () => {
  test('is unknown before the first reading, and remembered from then on', () => {
    const path = newPath();
    const database = open(path);
    expect(rememberedSource(database)).toBeUndefined();
    noteFact(database, 'source', 'yahoo');
    expect(rememberedSource(open(path))).toBe('yahoo');
  });

  test('is refused where it is another: closes of two sources would mix into a false record', () => {
    const path = newPath();
    const database = open(path);
    noteFact(database, 'source', 'yahoo');
    const told = `${path} contains closes from the source 'yahoo', but MARKET_SOURCE is 'csv'; set MARKET_SOURCE=yahoo, or DATABASE_PATH to another file`;
    expect(() => refuseOtherSource(database, 'csv', path)).toThrow(told);
    expect(() => refuseOtherSource(open(path), 'csv', path)).toThrow(OtherSourceError);
    expect(rememberedSource(database)).toBe('yahoo');
  });
});

// `VACUUM INTO` writes backups that are not in WAL mode.
test("a newer version's backup stays as it is too", () => {
  const path = newPath();
  plainDatabase(path, `create table facts (name text); pragma user_version = ${LATEST + 1}`);
  const before = readFileSync(path);
  expect(() => openDatabase(path)).toThrow('was written by a newer version');
  expect(readFileSync(path).equals(before)).toBe(true);
});

test('a database of another program is refused and stays as it is', () => {
  const path = newPath();
  plainDatabase(path, 'create table recipes (name text)');
  const before = readFileSync(path);
  expect(() => openDatabase(path)).toThrow('belongs to another program; set DATABASE_PATH to another file');
  expect(readFileSync(path).equals(before)).toBe(true);
});
