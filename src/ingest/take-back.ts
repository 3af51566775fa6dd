import type { App } from '../app/app.ts';
import { type Skipped, withLease } from '../app/lease.ts';
import type { Session } from '../market/close.ts';
import { precise } from '../market/precision.ts';
import { SourceError } from '../market/source.ts';
import { commandLine } from '../message/command-line.ts';
import type { ImportNote, TakenBack } from '../store/imports.ts';

export interface TakeBackReport {
  readonly imported: ImportNote;
  /** Sessions whose close went, or that are as they were before. */
  readonly taken: number;
  /** Sessions that stay, as the source has told another value since. */
  readonly left: readonly Session[];
  /** True where nothing was changed, only counted. */
  readonly dryRun: boolean;
  /** All imports of the store as they are now, newest first. */
  readonly imports: readonly ImportNote[];
}

/**
 * Takes the newest import back that stands: nothing is known any more of the sessions that it brought, until a source tells
 * them. An event that was told of such a close is retracted by the checks that follow, as any other that is gone.
 * @param symbol whose newest import; undefined: the newest of all
 * @throws {SourceError} where there is none
 */
export async function takeBackImport(
  app: Pick<App, 'settings' | 'closes' | 'ledger' | 'source' | 'now' | 'host'>,
  symbol: string | undefined,
  { dryRun }: { readonly dryRun: boolean },
): Promise<TakeBackReport | Skipped> {
  const { closes, now } = app;
  const report = (imported: ImportNote, { removed, restored }: TakenBack): TakeBackReport => {
    const gone = new Set([...removed, ...restored.map(({ session }) => session)]);
    const left = imported.closes.flatMap(({ session }) => (gone.has(session) ? [] : session));
    return { imported, taken: gone.size, left, dryRun, imports: closes.imports() };
  };
  if (dryRun) {
    const imported = newestStanding(app, symbol);
    return report(imported, changeOf(imported, closes, now()));
  }
  return withLease(app, `import --undo${symbol === undefined ? '' : ` ${symbol}`}`, async () => {
    const imported = newestStanding(app, symbol);
    const change = changeOf(imported, closes, now());
    await closes.takeBack(imported, change);
    return report(imported, change);
  });
}

function newestStanding({ closes }: Pick<App, 'closes'>, symbol: string | undefined): ImportNote {
  const newest = closes.imports(symbol).find(({ undoneAt }) => undoneAt === null);
  if (newest !== undefined) return newest;
  throw new SourceError(
    `there is no import${symbol === undefined ? '' : ` of ${symbol}`} to undo; ${commandLine('import --list')} shows all`,
  );
}

/** What a source has told since stays: it is not the file's any more. */
function changeOf({ symbol, closes }: ImportNote, store: App['closes'], now: number): TakenBack {
  const rows = new Map(store.known(symbol).map((row) => [row.session, row]));
  const decimals = store.decimals(symbol);
  const unchanged = closes.filter(({ session, close }) => {
    const row = rows.get(session);
    const value = row?.close ?? row?.held?.close;
    return row !== undefined && row.state !== 'revised' && value === precise(close, decimals).close;
  });
  return {
    removed: unchanged.flatMap(({ session, before }) => (before === null ? session : [])),
    restored: unchanged.flatMap(({ before }) => before ?? []),
    undoneAt: new Date(now).toISOString(),
  };
}
