import { existsSync, readdirSync, readFileSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { openStores } from '../../src/app/stores.ts';
import { thisProcess } from '../../src/app/this-process.ts';
import { restore } from '../../src/jobs/restore.ts';
import { openDatabase } from '../../src/store/sqlite/database.ts';
import {
  answers,
  connect,
  filledStory,
  inFile,
  move,
  prepare,
  RUNTIME,
  rowsIn,
  SEEN,
} from '../support/moving-story.ts';
import { NO_POSTGRES } from '../support/postgres.ts';
import { EVENT, SEP_22 } from '../support/story.ts';
import { startTcpProxy } from '../support/tcp-proxy.ts';
import { useStandIn } from '../support/temporary.ts';

describe.skipIf(NO_POSTGRES !== undefined)(`a move to PostgreSQL (${NO_POSTGRES ?? 'there is one'})`, () => {
  test('brings all that the file holds, to the last bit and in its order; then the file is put away', async () => {
    const { story, path } = await filledStory();
    const before = await inFile(story.settings);
    expect([before.unsent, before.troubles, before.probes, before.pauses].map(({ length }) => length > 0)).toEqual(
      Array(4).fill(true),
    );
    expect(before.revised.flat()).toHaveLength(1);
    expect(before.seen).toEqual([[expect.objectContaining({ name: 'Änna' }), SEEN], expect.any(String)]);
    const moved = await move(story.settings);
    expect(await answers(story.settings)).toEqual(before);
    expect(moved).toMatchObject({ from: path, contents: { symbols: 3, events: expect.any(Number) } });
    expect(moved.contents.closes).toBe(before.closes.flatMap(([known]) => [...(known ?? [])]).length);
    expect(moved.kept).toBe(join(dirname(path), 'backups/market-moved-to-postgres-2025-09-19T22-00-00-000Z.db'));
    expect(readdirSync(dirname(path)).filter((name) => name.startsWith('market.db'))).toEqual(['market.db.known']);
    expect(await inFile({ ...story.settings }, moved.kept)).toEqual(before);
  });

  test('goes on there: numbers go on above the highest, what was unsent is sent, and nothing twice', async () => {
    const { story, url } = await filledStory();
    const told = story.smtp.messages.length;
    await move(story.settings);
    await story.round(SEP_22);
    const client = await connect(url);
    const { rows } = await client.query('select run, command from runs order by run');
    expect(rows.map(({ run }) => Number(run))).toEqual(rows.map((_, at) => at + 1));
    const sent = story.discord.messages.map(({ payload }) => payload.content ?? '');
    expect(sent.filter((title) => title.includes('first record close'))).toHaveLength(1);
    const mails = story.smtp.messages.slice(told).map(({ subject }) => subject);
    expect(mails.filter((subject) => subject?.includes('first record close'))).toEqual([]);
  });

  test('lets nobody go on in the file, nor begin one there, without DATABASE_URL', async () => {
    const { story, path } = await filledStory();
    const { kept } = await move(story.settings);
    story.configure({ DATABASE_URL: '' });
    const moved = /was moved to PostgreSQL \(bell_\w+ on [^)]+\) and is kept there now: set DATABASE_URL/;
    await expect(story.check('2025-09-22T13:00:00Z')).rejects.toThrow(moved);
    expect(existsSync(path)).toBe(false);
    writeFileSync(path, readFileSync(kept));
    await expect(story.check('2025-09-22T13:00:00Z')).rejects.toThrow(moved);
    unlinkSync(path);
    // The way back that is told: it says what may be a repeat.
    await restore(story.settings, RUNTIME, kept);
    await story.check('2025-09-22T13:00:00Z');
    const file = openDatabase(path);
    expect(file.prepare("select value from facts where name = 'restored'").pluck().get()).toBe(
      '2025-09-19T22:00:00.000Z',
    );
    file.close();
  });

  test('moves the file that a link leads to', async () => {
    const { story, path } = await filledStory();
    const link = join(dirname(path), 'link.db');
    symlinkSync('market.db', link);
    story.configure({ DATABASE_PATH: link });
    const { kept } = await move(story.settings);
    expect(kept).toContain('/backups/market-moved-to-postgres-');
    expect(existsSync(path)).toBe(false);
    await expect(openStores({ ...story.settings, postgres: undefined }, RUNTIME)).rejects.toThrow(/was moved/);
  });

  test('whose last answer is lost knows its own copy again, and so does one that was killed after it', async () => {
    const { story, path, url } = await filledStory();
    const proxy = await useStandIn(startTcpProxy(Number(new URL(url).port)));
    const before = await inFile(story.settings);
    const whole = readFileSync(path);
    const known = readFileSync(`${path}.known`);
    (await openStores(story.settings, RUNTIME)).close();
    story.configure({ DATABASE_URL: proxy.before(url) });
    proxy.loseAnswerToCommit(1);
    await move(story.settings);
    expect(proxy.lostAnswers).toBe(1);
    // As it is when the process was killed just after the copy.
    writeFileSync(path, whole);
    writeFileSync(`${path}.known`, known);
    const again = await move(story.settings);
    expect(existsSync(again.kept)).toBe(true);
    expect(await answers(story.settings)).toEqual(before);
  });

  test('over a network that is cut in the middle begins again, and brings every row once', async () => {
    const { story, url } = await filledStory();
    const before = await inFile(story.settings);
    await prepare(
      story,
      url,
      `create function wait() returns trigger language plpgsql as $$ begin perform pg_sleep(1); return null; end $$;
       create trigger wait after insert on deliveries for each statement execute function wait()`,
    );
    const proxy = await useStandIn(startTcpProxy(Number(new URL(url).port)));
    story.configure({ DATABASE_URL: proxy.before(url) });
    const client = await connect(url);
    const moving = move(story.settings);
    const waits = "select 1 from pg_stat_activity where wait_event = 'PgSleep' and datname = current_database()";
    while ((await client.query(waits)).rowCount === 0) await setTimeout(20);
    await proxy.cut();
    expect(await rowsIn(client)).toBe(0);
    await proxy.mend();
    await moving;
    expect(await answers(story.settings)).toEqual(before);
  });

  test('brings a delivery whose process died while it was sent: the next run calls it unknown', async () => {
    const { story, path, url } = await filledStory();
    const file = openDatabase(path);
    file
      .prepare(
        "update deliveries set state = 'sending', claimed_by = 'dead' where message = ? and channel like 'email:%'",
      )
      .run(`${EVENT}/alert`);
    file.close();
    await move(story.settings);
    const client = await connect(url);
    const states = async () =>
      (
        await client.query(`select distinct state from deliveries where channel like 'email:%'
        and message = '${EVENT}/alert'`)
      ).rows.map(({ state }) => state);
    expect(await states()).toEqual(['sending']);
    await story.at('2025-09-22T13:00:00Z', async ({ ledger }) => {
      const owner = thisProcess();
      await ledger.takeLease(owner, 0, () => false);
      await ledger.abandonSending(owner.id);
    });
    expect(await states()).toEqual(['unknown']);
  });
});
