import { execFileSync } from 'node:child_process';
import {
  closeSync,
  copyFileSync,
  mkdtempSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { backup } from '../../src/jobs/backup.ts';
import { restore } from '../../src/jobs/restore.ts';
import { fileOf } from '../support/file-of.ts';
import { SEP_17, type Story } from '../support/story.ts';
import { BELIEVED, type Expectation, everybody, type Fault } from './fault.ts';

const closed = (printed: RegExp, stored: string): Expectation => ({
  printed,
  code: 1,
  stored,
  arrives: everybody(2),
  tries: [0, 0],
});

const WRONG_CLOCK = /^Problem +The clock of this machine is wrong: it says /;

/** A disk of its own for the database of a story; undefined where this user may mount none. */
function mountDisk(): string | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'breakout-bell-disk-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=8m', 'tmpfs', folder], { stdio: 'ignore' });
    return folder;
  } catch {
    rmSync(folder, { recursive: true });
    return undefined;
  }
}

function unmount(folder: string): void {
  execFileSync('umount', [folder], { stdio: 'ignore' });
  rmSync(folder, { recursive: true });
}

/** True where a disk can be mounted: by root, and not in every container. */
export const CAN_MOUNT = canMount();

function canMount(): boolean {
  const disk = mountDisk();
  if (disk !== undefined) unmount(disk);
  return disk !== undefined;
}

/** Moves the database of a story to a disk of its own. */
function onDisk(strike: (story: Story, disk: string) => () => void): Fault['strike'] {
  return (story) => {
    const disk = mountDisk();
    if (disk === undefined) throw new Error('no disk can be mounted');
    const path = join(disk, 'market.db');
    copyFileSync(story.settings.databasePath, path);
    story.configure({ DATABASE_PATH: path });
    return { mend: strike(story, disk), end: () => unmount(disk) };
  };
}

function fill(file: string): void {
  const descriptor = openSync(file, 'w');
  try {
    for (let size = 65_536; size >= 1; size /= 2) {
      try {
        for (;;) writeSync(descriptor, Buffer.alloc(size));
      } catch {
        // No room for so much: less.
      }
    }
  } finally {
    closeSync(descriptor);
  }
}

/** Another process has the database for itself: SQLite's lock is the same, from whoever it comes. */
function lock(path: string): () => void {
  const other = new Database(path);
  other.exec('begin immediate');
  return () => void other.close();
}

const impatient = (story: Story) => {
  // The program waits ten seconds.
  story.prepare = (app) => void fileOf(app).pragma('busy_timeout = 20');
};

/** The machine says another time than the app; the source answers by the app's. */
function onWrongClock(machine: string): Fault['strike'] {
  return (story) => {
    story.prepare = (app) => {
      const [now, { source }] = [app.now(), app];
      const read: typeof source.read = async (symbol, from, asked) => ({
        ...(await source.read(symbol, from, Math.min(asked, now))),
        answeredAt: now,
      });
      Object.assign(app, { now: () => Date.parse(machine), source: { ...source, read } });
    };
    return () => {
      story.prepare = undefined;
    };
  };
}

export const MACHINE_FAULTS: readonly Fault[] = [
  {
    service: 'Machine',
    what: 'disk full',
    strike: onDisk((_story, disk) => {
      fill(join(disk, 'filler'));
      return () => rmSync(join(disk, 'filler'));
    }),
    expect: closed(/market\.db cannot grow: the disk is full\. Free some space/, 'cannot be read'),
  },
  {
    service: 'Machine',
    // What is noted of a delivery takes the room that its message has in the file already.
    what: 'disk full from the moment on when Discord has the alert',
    strike: onDisk((story, disk) => {
      story.discord.watch = (step) => {
        if (step === 'webhook accepted') fill(join(disk, 'filler'));
      };
      return () => {
        story.discord.watch = undefined;
        rmSync(join(disk, 'filler'), { force: true });
      };
    }),
    expect: { printed: null, code: 0, stored: BELIEVED },
  },
  {
    service: 'Machine',
    what: 'database locked by another program',
    strike: (story) => {
      impatient(story);
      return lock(story.settings.databasePath);
    },
    expect: closed(/market\.db is locked by another program .*Close that program; .*the next run continues/, 'nothing'),
  },
  {
    service: 'Machine',
    what: 'database locked from the moment on when Discord has the alert',
    strike: (story) => {
      impatient(story);
      let release = () => {};
      story.discord.watch = (step) => {
        if (step === 'webhook accepted') release = lock(story.settings.databasePath);
      };
      return () => {
        story.discord.watch = undefined;
        release();
      };
    },
    expect: {
      printed: /market\.db is locked by another program/,
      code: 1,
      stored: BELIEVED,
      copies: { webhook: 2 },
      perhaps: ['ann', 'bob'],
    },
  },
  {
    service: 'Machine',
    what: 'disk read-only',
    strike: onDisk((_story, disk) => {
      execFileSync('mount', ['-o', 'remount,ro', disk]);
      return () => void execFileSync('mount', ['-o', 'remount,rw', disk]);
    }),
    expect: closed(
      /market\.db cannot be written \(.*\)\. Give the user that runs this write permission/,
      'cannot be read',
    ),
  },
  {
    service: 'Machine',
    what: 'pages of the database overwritten, a copy put back',
    strike: async (story) => {
      const path = story.settings.databasePath;
      const copy = await story.at(SEP_17, async (app) => backup(app));
      const descriptor = openSync(path, 'r+');
      const page = 4096;
      for (let at = 10 * page; at < statSync(path).size; at += page)
        writeSync(descriptor, Buffer.alloc(page, 7), 0, page, at);
      closeSync(descriptor);
      return async () => {
        const runtime = {
          now: () => Date.parse('2025-09-19T12:00:00Z'),
          sleep: async () => {},
          random: () => 0,
          progress: () => {},
        };
        await restore(story.settings, runtime, copy);
      };
    },
    // Whether the lost hours had sent it nobody can know; the bot looks.
    expect: {
      ...closed(/market\.db is damaged .*restore a copy: npm run restore FILE/, 'cannot be read'),
      marked: ['webhook', 'ann', 'bob'],
    },
  },
  {
    service: 'Machine',
    what: 'the WAL lost after a crash',
    strike: (story) => {
      story.prepare = (app) => {
        const { close } = app;
        const path = story.settings.databasePath;
        Object.assign(app, {
          close: () => {
            // As it stands when the process dies, without the log beside it.
            const file = readFileSync(path);
            close();
            const descriptor = openSync(path, 'w');
            writeSync(descriptor, file);
            closeSync(descriptor);
            for (const suffix of ['-wal', '-shm']) rmSync(`${path}${suffix}`, { force: true });
          },
        });
      };
      return () => {
        story.prepare = undefined;
      };
    },
    expect: { printed: null, code: 0, stored: BELIEVED, tries: [1, 0] },
  },
  {
    service: 'Machine',
    what: 'database file gone: a new one begins, and says what may be a repeat',
    strike: async (story) => {
      const path = story.settings.databasePath;
      // It has been in use.
      await story.at(SEP_17, async () => {});
      renameSync(path, `${path}.away`);
      return () => {};
    },
    // The bot can look.
    expect: { printed: null, code: 0, stored: BELIEVED, marked: ['webhook', 'ann', 'bob'], tries: [1, 0] },
  },
  {
    service: 'Machine',
    what: 'a clock that says 2038',
    strike: onWrongClock('2038-01-19T03:14:07Z'),
    expect: { printed: WRONG_CLOCK, code: 1, stored: BELIEVED },
  },
  {
    service: 'Machine',
    what: 'a clock that says 1970',
    strike: onWrongClock('1970-01-01T00:00:12Z'),
    // A session is over once both clocks say so.
    expect: { printed: WRONG_CLOCK, code: 1, stored: 'nothing', arrives: everybody(2) },
  },
  {
    service: 'Machine',
    what: 'database of a newer version',
    strike: (story) => {
      const path = story.settings.databasePath;
      const version = schema(path);
      schema(path, 99);
      return () => void schema(path, version);
    },
    expect: closed(/market\.db was written by a newer version \(schema 99, .*update Breakout Bell/, 'cannot be read'),
  },
];

function schema(path: string, set?: number): number {
  const database = new Database(path);
  if (set !== undefined) database.pragma(`user_version = ${set}`);
  const version = database.pragma('user_version', { simple: true }) as number;
  database.close();
  return version;
}
