import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { App } from '../../../src/app/app.ts';
import { openApp } from '../../../src/app/open.ts';
import { backup } from '../../../src/jobs/backup.ts';
import { fileFault } from '../../../src/store/sqlite/database-file.ts';
import { knownLedgerPath } from '../../../src/store/sqlite/known-ledger.ts';
import { fileOf } from '../../support/file-of.ts';
import { SEP_17, SEP_18, type Story, startStory } from '../../support/story.ts';
import { temporaryFolder } from '../../support/temporary.ts';

const SUFFIXES = ['', '-wal', '-shm'];
const LATER = '2025-09-18T22:50:00Z';

const pathOf = (story: Story) => story.settings.databasePath;

/** As cp and mv do it, from outside: closing the file in this process would take its locks away. */
const writeOver = (copy: string, path: string) => void execFileSync('cp', [copy, path]);
const renameOver = (copy: string, path: string) => {
  execFileSync('cp', [copy, `${path}.new`]);
  renameSync(`${path}.new`, path);
};
const withoutLog = (copy: string, path: string) => {
  for (const suffix of SUFFIXES) rmSync(path + suffix, { force: true });
  renameOver(copy, path);
};

/** A story with a copy of before the event. */
async function withCopy() {
  const story = await startStory();
  await story.check(SEP_17);
  const copy = await story.at(SEP_17, async (app) => backup(app));
  const raw = `${copy}.raw`;
  writeOver(pathOf(story), raw);
  return { story, copy, raw };
}

/** For each alert that Discord has, whether it says that it may be a repeat. */
const marks = ({ discord }: Story) =>
  discord.messages.map(({ payload }) => payload.embeds?.[0]?.description?.includes('may be a repeat') ?? false);

/** What a person is told when the database is opened. */
async function toldAtOpening(story: Story, path = pathOf(story)): Promise<string[]> {
  const told: string[] = [];
  const runtime = {
    now: () => Date.parse(LATER),
    sleep: async () => {},
    random: () => 0,
    progress: (line: string) => void told.push(line),
  };
  (await openApp({ ...story.settings, databasePath: path }, runtime)).close();
  return told;
}

/** Does something to the ledger's file at a step of a run. */
const STEPS: readonly (readonly [string, (story: Story, act: () => void) => void])[] = [
  [
    'before the decision',
    (story, act) => {
      story.prepare = ({ ledger }) => {
        const { decide } = ledger;
        Object.assign(ledger, { decide: async (...all: never[]) => Promise.resolve(act()).then(() => decide(...all)) });
      };
    },
  ],
  [
    'between decision and claim',
    (story, act) => {
      story.prepare = ({ ledger }) => {
        const { decide } = ledger;
        Object.assign(ledger, { decide: async (...all: never[]) => decide(...all).then(act) });
      };
    },
  ],
  [
    'between claim and writing',
    (story, act) => {
      story.prepare = ({ ledger }) => {
        const { claim } = ledger;
        const acting: App['ledger']['claim'] = async (delivery, ...rest) => {
          const claimed = await claim(delivery, ...rest);
          if (delivery.channel === 'discord-webhook') act();
          return claimed;
        };
        Object.assign(ledger, { claim: acting });
      };
    },
  ],
  [
    'between writing and noting',
    (story, act) => {
      story.discord.watch = (step) => {
        if (step === 'webhook accepted') act();
      };
    },
  ],
];

describe.each([
  ['written over the file', 'copy', writeOver],
  ['as the file was, written over it', 'raw', writeOver],
  ['put there by rename', 'copy', renameOver],
  ['put there once file and log were deleted', 'copy', withoutLog],
] as const)('an older copy, %s', (_, which, exchange) => {
  test.each(STEPS)('%s of a run, makes no second alert that is not marked', async (_step, at) => {
    const { story, ...copies } = await withCopy();
    let done = false;
    at(story, () => {
      if (!done) exchange(copies[which], pathOf(story));
      done = true;
    });
    await story.check(SEP_18).catch(() => {});
    expect(done).toBe(true);
    const first = marks(story);
    expect(first.length).toBeLessThanOrEqual(1);
    story.prepare = story.discord.watch = undefined;
    // What a pair of files that do not belong together makes of it may be damaged, which is told.
    await story.check(LATER).catch((error: Error) => expect(error.message).toMatch(/damaged|malformed/));
    expect(marks(story).slice(1)).not.toContain(false);
  });
});

test('a run that is killed after the decision, and an older copy put back: the alert says that it may be a repeat', async () => {
  const { story, copy } = await withCopy();
  await story.at(SEP_18, async (app) => {
    // Killed: what comes with the end of a run does not happen.
    app.ledger.endRun = async () => {
      throw new Error('killed');
    };
    const { check } = await import('../../../src/check/check.ts');
    await check(app, { offline: false, command: 'killed' }).catch(() => {});
  });
  expect(marks(story)).toEqual([false]);
  withoutLog(copy, pathOf(story));
  expect(await toldAtOpening(story)).toEqual([
    expect.stringMatching(/is an older copy of the ledger that was kept here/),
  ]);
  await story.check(LATER);
  expect(marks(story)).toEqual([false, true]);
});

describe('the note beside the database', () => {
  test('is not set back by a run whose file is an older copy by its end', async () => {
    const { story, raw } = await withCopy();
    await story.check(SEP_18);
    const known = readFileSync(knownLedgerPath(pathOf(story)), 'utf8');
    const { noteKnownLedger } = await import('../../../src/store/sqlite/known-ledger.ts');
    await story.at(LATER, async (app) => {
      writeOver(raw, pathOf(story));
      noteKnownLedger(fileOf(app));
    });
    expect(readFileSync(knownLedgerPath(pathOf(story)), 'utf8')).toBe(known);
    expect(await toldAtOpening(story)).toEqual([expect.stringMatching(/older copy/)]);
  });

  test.each([
    ['empty, as after a power cut', ''],
    ['half of it', '{"ledger":"6f'],
    ['another JSON', '[]'],
    ['a count that is none', '{"ledger":"x","told":"many"}'],
  ])('that cannot be read makes what follows a repeat, once: %s', async (_, text) => {
    const { story } = await withCopy();
    writeFileSync(knownLedgerPath(pathOf(story)), text);
    expect(await toldAtOpening(story)).toEqual([
      expect.stringMatching(/\.known cannot be read, so it is not known whether/),
    ]);
    expect(await toldAtOpening(story)).toEqual([]);
    await story.check(SEP_18);
    expect(marks(story)).toEqual([true]);
  });

  test('that cannot be read where the database is gone as well still says that one was there', async () => {
    const { story } = await withCopy();
    await story.check(SEP_18);
    writeFileSync(knownLedgerPath(pathOf(story)), '');
    for (const suffix of SUFFIXES) rmSync(pathOf(story) + suffix, { force: true });
    await story.check(LATER);
    expect(marks(story)).toEqual([false, true]);
  });

  test('that was deleted is made again', async () => {
    const { story } = await withCopy();
    rmSync(knownLedgerPath(pathOf(story)));
    expect(await toldAtOpening(story)).toEqual([]);
    expect(existsSync(knownLedgerPath(pathOf(story)))).toBe(true);
  });

  test('that cannot be written is told at every start, and marks once', async () => {
    const { story } = await withCopy();
    rmSync(knownLedgerPath(pathOf(story)));
    mkdirSync(join(knownLedgerPath(pathOf(story)), 'in the way'), { recursive: true });
    expect(await toldAtOpening(story)).toEqual([
      expect.stringMatching(/cannot be read.* may be a repeat.*\.known cannot be written \(/),
    ]);
    expect(await toldAtOpening(story)).toEqual([
      expect.stringMatching(/^\S+\.known cannot be written \(.*remove what is in its place/),
    ]);
  });

  test('lies beside the file, whatever link leads there', async () => {
    const { story } = await withCopy();
    const real = pathOf(story);
    const link = join(dirname(real), 'link.db');
    symlinkSync('market.db', link);
    expect(knownLedgerPath(link)).toBe(knownLedgerPath(real));
    expect(await toldAtOpening(story, link)).toEqual([]);
    for (const suffix of SUFFIXES) rmSync(real + suffix, { force: true });
    expect(knownLedgerPath(link)).toBe(knownLedgerPath(real));
    expect(await toldAtOpening(story, link)).toEqual([
      expect.stringMatching(/link\.db was missing, so a new one was started/),
    ]);
    // The log lies there too.
    story.configure({ DATABASE_PATH: link });
    await story.at(SEP_18, async (app) => {
      await app.ledger.noteChannels(['a']);
      rmSync(`${real}-wal`);
      expect(fileFault(fileOf(app))).toMatchObject({ reopen: true });
    });
  });

  test('of links in a ring, or in a folder that is not there, is looked for where the path says', () => {
    const path = join(temporaryFolder(), 'market.db');
    symlinkSync(path, path);
    const nowhere = join(path, '..', 'nowhere', 'market.db');
    expect([path, nowhere].map(knownLedgerPath)).toEqual([`${path}.known`, `${nowhere}.known`]);
  });
});
