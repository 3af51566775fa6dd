import { copyFileSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { App } from '../../../src/app/app.ts';
import { isDatabaseFailure, warnPastLedger } from '../../../src/daemon/ledger-failure.ts';
import { type Round, round } from '../../../src/daemon/round.ts';
import { healthOf } from '../../../src/health/health.ts';
import { backup } from '../../../src/jobs/backup.ts';
import { restore } from '../../../src/jobs/restore.ts';
import type { Decision } from '../../../src/store/events.ts';
import { fileFault } from '../../../src/store/sqlite/database-file.ts';
import { fileOf } from '../../support/file-of.ts';
import { startHeartbeat } from '../../support/heartbeat-server.ts';
import { SEP_17, SEP_18, SEP_19, type Story, startStory } from '../../support/story.ts';
import { useStandIn } from '../../support/temporary.ts';

const ALERT = 'Russell 2000: first record close in over a year';
const SUFFIXES = ['', '-wal', '-shm'];

const titles = ({ discord }: Story) => discord.messages.map(({ payload }) => payload.content ?? '');
const pathOf = (story: Story) => story.settings.databasePath;

/** An older copy of the ledger that told of the event. */
async function toldStory() {
  const heartbeat = await useStandIn(startHeartbeat());
  const story = await startStory({ HEARTBEAT_URL: heartbeat.url });
  await story.round(SEP_17);
  const copy = await story.at(SEP_17, async (app) => backup(app));
  await story.round(SEP_18);
  expect(titles(story)).toEqual([ALERT]);
  heartbeat.calls.length = 0;
  return { story, heartbeat, copy };
}

/** The evening after, in one app that stays open while its file goes. */
async function whileOpen(story: Story, act: (app: App) => Promise<void>) {
  await story.at(SEP_19, act);
}

function expectStopped(done: Round, heartbeat: { calls: string[] }, why: RegExp) {
  expect(done).toMatchObject({ report: undefined, posted: [], backup: undefined, drilled: false });
  expect(done.errors.some(isDatabaseFailure)).toBe(true);
  expect(done.problems.join()).toMatch(why);
  expect(heartbeat.calls.splice(0)).toEqual([expect.stringMatching(/^fail: database: /)]);
}

describe('the file under a process that has it open', () => {
  test.each([
    ['deleted', removeAll, /was deleted or moved/],
    ['moved away', (path: string) => renameSync(path, `${path}.old`), /was deleted or moved/],
    [
      'away with its folder',
      (path: string) => renameSync(dirname(path), `${dirname(path)}-away`),
      /was deleted or moved/,
    ],
    ['replaced by a text', replaceBy(''), /was replaced.* by something that is not a ledger/],
  ])('%s: nothing is decided or sent, and it is told', async (_, strike, why) => {
    const { story, heartbeat } = await toldStory();
    const sent = story.discord.requests.length;
    await whileOpen(story, async (app) => {
      strike(pathOf(story));
      const done = await round(app, { why: 'test', check: 'always' });
      expectStopped(done, heartbeat, why);
      expect(story.discord.requests).toHaveLength(sent);
      expect(await healthOf(app)).toMatchObject({ ok: false, reasons: [expect.stringMatching(why)] });
      await warnPastLedger(app, done.errors[0] ?? new Error('none'));
      expect(titles(story).at(-1)).toBe('The database cannot be used: monitoring has stopped');
      expect(story.discord.messages.at(-1)?.payload.embeds?.[0]?.description).toMatch(why);
    });
    rmSync(`${dirname(pathOf(story))}-away`, { recursive: true, force: true });
  });

  test('replaced or written over by an older copy: the same, as it would be told again', async () => {
    for (const strike of [renameOver, writeOver]) {
      const { story, heartbeat, copy } = await toldStory();
      await whileOpen(story, async (app) => {
        strike(copy, pathOf(story));
        const done = await round(app, { why: 'test', check: 'always' });
        expectStopped(
          done,
          heartbeat,
          /by an older copy of it while it was open\. Stop the daemon, and restore a copy/,
        );
      });
      expect(titles(story)).toEqual([ALERT]);
    }
  });

  test('back where it was, it is gone on with', async () => {
    const { story, heartbeat } = await toldStory();
    await whileOpen(story, async (app) => {
      for (const suffix of SUFFIXES) renameSync(pathOf(story) + suffix, `${pathOf(story)}${suffix}.away`);
      expectStopped(await round(app, { why: 'test', check: 'always' }), heartbeat, /deleted or moved/);
      for (const suffix of SUFFIXES) renameSync(`${pathOf(story)}${suffix}.away`, pathOf(story) + suffix);
      expect((await round(app, { why: 'test', check: 'always' })).report?.asOf).toBe('2025-09-19');
      expect(heartbeat.calls).toEqual(['start', 'ok']);
    });
  });

  test('back as another file with the same ledger, it has to be opened again', async () => {
    const { story } = await toldStory();
    await whileOpen(story, async (app) => {
      copyFileSync(pathOf(story), `${pathOf(story)}.new`);
      renameSync(`${pathOf(story)}.new`, pathOf(story));
      expect(fileFault(fileOf(app))).toMatchObject({ reopen: true });
    });
    await story.round('2025-09-19T21:30:00Z');
    expect(titles(story)).toEqual([ALERT]);
  });

  test('without its log, it has to be opened again', async () => {
    const { story, heartbeat } = await toldStory();
    await whileOpen(story, async (app) => {
      rmSync(`${pathOf(story)}-wal`);
      expect(fileFault(fileOf(app))).toMatchObject({ reopen: true });
      expectStopped(await round(app, { why: 'test', check: 'always' }), heartbeat, /-wal, .* was deleted or replaced/);
    });
    expect((await story.round('2025-09-19T21:30:00Z')).report?.asOf).toBe('2025-09-19');
  });

  test('gone between the decision and the sending, it sends nothing', async () => {
    const story = await startStory();
    await story.round(SEP_17);
    await story.at(SEP_18, async (app) => {
      const ledger = {
        ...app.ledger,
        decide: async (...decisions: readonly Decision[]) => {
          await app.ledger.decide(...decisions);
          rmSync(pathOf(story));
        },
      };
      const { errors } = await round({ ...app, ledger }, { why: 'test', check: 'always' });
      expect(errors.some(isDatabaseFailure)).toBe(true);
    });
    expect(titles(story)).toEqual([]);
  });
});

function removeAll(path: string): void {
  for (const suffix of SUFFIXES) rmSync(path + suffix);
}

function replaceBy(content: string) {
  return (path: string) => {
    writeFileSync(`${path}.new`, content || 'a text that is long enough to be no database '.repeat(100));
    renameSync(`${path}.new`, path);
  };
}

/** As mv does it. */
function renameOver(copy: string, path: string): void {
  copyFileSync(copy, `${path}.new`);
  renameSync(`${path}.new`, path);
}

/** As cp does it: the file stays, its content changes. */
function writeOver(copy: string, path: string): void {
  writeFileSync(path, readFileSync(copy));
}

describe('the next process', () => {
  /** What is told again says that it may be a repeat. */
  function secondIsMarked(story: Story): boolean | undefined {
    return story.discord.messages[1]?.payload.embeds?.[0]?.description?.includes('may be a repeat');
  }

  test('begins a new ledger where one was lost, and says of the event that it may be a repeat', async () => {
    const { story } = await toldStory();
    renameSync(pathOf(story), `${pathOf(story)}.away`);
    await story.check('2025-09-18T22:00:00Z');
    expect(titles(story)).toEqual([ALERT, ALERT]);
    expect(secondIsMarked(story)).toBe(true);
    await story.check(SEP_19);
    expect(titles(story)).toEqual([ALERT, ALERT]);
  });

  test('goes on without a word once the file is back', async () => {
    const { story } = await toldStory();
    renameSync(pathOf(story), `${pathOf(story)}.away`);
    renameSync(`${pathOf(story)}.away`, pathOf(story));
    await story.check(SEP_19);
    expect(titles(story)).toEqual([ALERT]);
  });

  test('says what may be a repeat where an older copy lies in its place', async () => {
    const { story, copy } = await toldStory();
    for (const suffix of SUFFIXES) rmSync(pathOf(story) + suffix, { force: true });
    copyFileSync(copy, pathOf(story));
    await story.check(SEP_19);
    expect(titles(story)).toEqual([ALERT, ALERT]);
    expect(secondIsMarked(story)).toBe(true);
  });

  test('takes an older copy that knows of all that was told', async () => {
    const story = await startStory();
    await story.round(SEP_17);
    const copy = await story.at(SEP_17, async (app) => backup(app));
    await story.check('2025-09-17T21:30:00Z');
    for (const suffix of SUFFIXES) rmSync(pathOf(story) + suffix, { force: true });
    copyFileSync(copy, pathOf(story));
    await story.check(SEP_18);
    expect(titles(story)).toEqual([ALERT]);
  });

  test('takes another ledger for a copy that was put back', async () => {
    const { story } = await toldStory();
    const other = await startStory();
    await other.round(SEP_17);
    for (const suffix of SUFFIXES) rmSync(pathOf(story) + suffix, { force: true });
    copyFileSync(pathOf(other), pathOf(story));
    expect((await story.check(SEP_19)).asOf).toBe('2025-09-19');
    expect(secondIsMarked(story)).toBe(true);
  });

  test('can restore a copy where the database is gone', async () => {
    const { story, copy } = await toldStory();
    for (const suffix of SUFFIXES) rmSync(pathOf(story) + suffix, { force: true });
    const runtime = {
      now: () => Date.parse('2025-09-19T20:00:00Z'),
      sleep: async () => {},
      random: () => 0.5,
      progress: () => {},
    };
    await restore(story.settings, runtime, copy);
    expect((await story.check(SEP_19)).asOf).toBe('2025-09-19');
  });
});
