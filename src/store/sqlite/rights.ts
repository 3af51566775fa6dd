import { chmodSync, lstatSync, readdirSync, realpathSync, type Stats, statSync } from 'node:fs';
import { basename, dirname, extname, join } from 'node:path';
import { plural } from '../../message/format.ts';
import { knownLedgerPath } from './known-ledger.ts';

/** What nobody but their owner needs: the database names every recipient. */
const OTHERS = 0o007;
const ALL_BUT_OWNER = 0o077;
/** A folder that its owner shares with a group on purpose: the set-group-ID bit, and the group may look into it. */
const SHARED = 0o2050;

/**
 * Takes away what an earlier version let others do with the files of this program. Its own files only, never a folder that
 * was there: somebody may share it on purpose. New files are private by the umask that the command line sets.
 * @returns a line for a person about files that cannot be closed; empty where all is well, and on Windows
 */
export function closeToOthers({
  databasePath,
  outboxDir,
}: {
  readonly databasePath: string;
  readonly outboxDir: string | undefined;
}): readonly string[] {
  if (process.getuid === undefined || databasePath === ':memory:') return [];
  const database = ['', '-wal', '-shm'].map((suffix) => `${behindLinks(databasePath)}${suffix}`);
  const left = [...database, knownLedgerPath(databasePath), ...copiesOf(databasePath)].filter(
    (path) => !close(path, (mode) => mode & ~ALL_BUT_OWNER),
  );
  const messages = outboxDir === undefined ? [] : closeOutbox(outboxDir);
  const [first, ...others] = [...left, ...messages];
  if (first === undefined) return [];
  const more = others.length === 0 ? '' : ` and ${plural(others.length, 'file')} more`;
  return [
    `${first}${more} can be read by others and belong to another user: chmod 600 as that user, or start as that one.`,
  ];
}

/** True for a folder whose messages its group may read. */
export function isShared({ mode }: Pick<Stats, 'mode'>): boolean {
  return (mode & SHARED) === SHARED;
}

/** A message is three files of one name; other people's files in the folder are not touched. */
function closeOutbox(folder: string): string[] {
  const names = new Set(namesIn(folder));
  const shared = isShared(statSync(folder, { throwIfNoEntry: false }) ?? { mode: 0 });
  return [...names]
    .filter((name) => name.endsWith('.txt'))
    .map((name) => name.slice(0, -'.txt'.length))
    .filter((name) => names.has(`${name}.html`) && names.has(`${name}.json`))
    .flatMap((name) => ['-record.png', '-outcomes.png', '.html', '.json', '.txt'].map((end) => `${name}${end}`))
    .filter((name) => names.has(name))
    .map((name) => join(folder, name))
    .filter((path) => !close(path, (mode) => closedMessage(mode, shared)));
}

/** Where only a group may read, by another umask, an ACL or on purpose, it stays so. */
function closedMessage(mode: number, shared: boolean): number {
  if ((mode & OTHERS) === 0) return mode;
  return mode & ~(shared ? OTHERS : ALL_BUT_OWNER);
}

/** SQLite follows links to the database, and puts its log beside what they lead to. */
function behindLinks(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path; // There is none yet.
  }
}

/** The copies in `backups/` beside a database, by their names. */
function copiesOf(databasePath: string): string[] {
  const folder = join(dirname(databasePath), 'backups');
  const prefix = `${basename(databasePath, extname(databasePath))}-`;
  return namesIn(folder)
    .filter((name) => name.startsWith(prefix) && /\.db(-wal|-shm)?$/.test(name))
    .map((name) => join(folder, name));
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return []; // There is none yet, or nobody may look into it.
  }
}

/** False where a file has more rights than it should and they cannot be changed. A link is left as it is. */
function close(path: string, closed: (mode: number) => number): boolean {
  try {
    const stats = lstatSync(path, { throwIfNoEntry: false });
    if (stats === undefined || !stats.isFile() || closed(stats.mode) === stats.mode) return true;
    if (stats.uid !== process.getuid?.()) return false;
    chmodSync(path, closed(stats.mode) & 0o7777);
    return true;
  } catch {
    return false;
  }
}
