import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, unlinkSync, writeFileSync } from 'node:fs';
import { describe, expect, onTestFinished, test } from 'vitest';
import { openStores } from '../../src/app/stores.ts';
import { thisProcess } from '../../src/app/this-process.ts';
import { openDatabase } from '../../src/store/sqlite/database.ts';
import { besideIt, contentOf, filledStory, move, prepare, RUNTIME, rowsIn } from '../support/moving-story.ts';
import { NO_POSTGRES } from '../support/postgres.ts';
import { SEP_19, startStory } from '../support/story.ts';

describe.skipIf(NO_POSTGRES !== undefined)(`a move to PostgreSQL (${NO_POSTGRES ?? 'there is one'})`, () => {
  test('is refused without DATABASE_URL, and without a file', async () => {
    const story = await startStory();
    await expect(move(story.settings)).rejects.toThrow(/^DATABASE_URL is not set: .* put it into \.env/);
    const { path } = await besideIt(story);
    await expect(move(story.settings)).rejects.toThrow(`${path} is missing or empty, so there is nothing to move`);
    expect(existsSync(path)).toBe(false);
    writeFileSync(path, 'hello '.repeat(1_000));
    await expect(move(story.settings)).rejects.toThrow(/is damaged or not a database/);
    unlinkSync(path);
    const newer = openDatabase(path);
    newer.pragma('user_version = 99');
    newer.close();
    await expect(move(story.settings)).rejects.toThrow(/written by a newer version \(schema 99/);
  });

  test('into a database that is not empty is refused, and changes nothing', async () => {
    const { story, path, url } = await filledStory();
    const before = contentOf(path);
    const client = await prepare(story, url, "insert into pauses values ('folder', '2025-09-18', null)");
    await expect(move(story.settings)).rejects.toThrow(
      /^the database bell_\w+ on .* is not empty \(there are rows in pauses\); point DATABASE_URL to an empty one, for instance: createdb bell_/,
    );
    await client.query('delete from pauses');
    await client.query(
      "insert into instances (id, host, pid, started_at) values ('a', 'b', 1, '2025-09-18T20:45:00.000Z')",
    );
    await expect(move(story.settings)).rejects.toThrow(/there are rows in instances/);
    expect(contentOf(path)).toBe(before);
    expect(await rowsIn(client)).toBe(0);
  });

  test('is refused while a daemon watches or stands by, or a run has the lease', async () => {
    const { story, path } = await filledStory();
    const self = { ...thisProcess(), startedAt: SEP_19, seenAt: new Date(RUNTIME.now()).toISOString() };
    const { postgres, ...others } = story.settings;
    const file = { ...others, postgres: undefined };
    const before = contentOf(path);
    const asked = async (act: (ledger: Awaited<ReturnType<typeof openStores>>['ledger']) => Promise<unknown>) => {
      const { ledger, close } = await openStores(file, RUNTIME);
      await act(ledger);
      close();
    };
    await asked((ledger) => ledger.lead(self, () => true));
    await expect(move(story.settings)).rejects.toThrow(/^the daemon is running \(process \d+ on .*\); stop it first/);
    await asked(async (ledger) => {
      await ledger.lead({ ...self, id: 'gone', pid: 999_999_999 }, () => true);
      await ledger.instanceLives(self);
    });
    await expect(move(story.settings)).rejects.toThrow(/^a standby daemon is running/);
    await asked(async (ledger) => {
      for (const id of [self.id, 'gone']) await ledger.daemonStopped(id);
      await ledger.takeLease(thisProcess(), RUNTIME.now(), () => true);
    });
    await expect(move(story.settings)).rejects.toThrow(/^a check is running \(process/);
    const left = openDatabase(path);
    left.exec('delete from lease');
    left.close();
    expect(contentOf(path)).toBe(before);
    await move(story.settings);
  });

  test('is refused while another process has the file open', async ({ skip }) => {
    if (!existsSync('/proc/self/fd')) return skip('only /proc tells which');
    const { story, path } = await filledStory();
    const hold = "require('node:fs').openSync(process.argv[1]); process.send('open'); setInterval(() => {}, 1000)";
    const other = spawn(process.execPath, ['-e', hold, path], { stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });
    onTestFinished(() => void other.kill());
    await once(other, 'message');
    await expect(move(story.settings)).rejects.toThrow(`process ${other.pid} has ${path} open; stop it first`);
  });

  test('that fails in the middle leaves nothing there, and the file as it was', async () => {
    const { story, path, url } = await filledStory();
    const before = contentOf(path);
    const client = await prepare(
      story,
      url,
      `create function refuse() returns trigger language plpgsql as $$ begin raise 'not today'; end $$;
       create trigger refuse before insert on deliveries for each row execute function refuse()`,
    );
    await expect(move(story.settings)).rejects.toThrow(/answers with an error: not today/);
    expect(await rowsIn(client)).toBe(0);
    expect(contentOf(path)).toBe(before);
    await client.query('drop trigger refuse on deliveries');
    await move(story.settings);
  });

  test.each([
    ['new.close := new.close * (1 + 1e-15); return new', 'closes', /, but not the same ones\. Nothing was kept there/],
    ['return null', 'closes', /the table closes did not arrive unchanged: [\d,]+ rows in .*market\.db, 0 in bell_/],
    ["new.body := new.body || ' '; return new", 'messages', /the table messages did not arrive .* not the same ones/],
  ])('finds a row that is not the same: %s', async (what, table, message) => {
    const { story, path, url } = await filledStory();
    const before = contentOf(path);
    const client = await prepare(
      story,
      url,
      `create function bend() returns trigger language plpgsql as $$ begin ${what}; end $$;
       create trigger bend before insert on ${table} for each row execute function bend()`,
    );
    await expect(move(story.settings)).rejects.toThrow(message);
    expect(await rowsIn(client)).toBe(0);
    expect(contentOf(path)).toBe(before);
  });

  test('of a file that is there already, and has gone on, is refused', async () => {
    const { story, path } = await filledStory();
    const [whole, known] = [readFileSync(path), readFileSync(`${path}.known`)];
    await move(story.settings);
    await story.round('2025-09-22T13:00:00Z');
    writeFileSync(path, whole);
    writeFileSync(`${path}.known`, known);
    await expect(move(story.settings)).rejects.toThrow(
      /was copied from .*market\.db before and has gone on since \(facts differs\); keep DATABASE_URL, and move .* away/,
    );
  });
});
