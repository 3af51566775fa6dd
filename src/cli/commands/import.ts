import type { App } from '../../app/app.ts';
import { importLines, importListLines, takeBackLines } from '../../console/import.ts';
import { importCloses } from '../../ingest/import.ts';
import { takeBackImport } from '../../ingest/take-back.ts';
import { DONE, print } from '../output.ts';
import { tellSkipped } from './report.ts';

interface ImportOptions {
  /** True: nothing is stored. */
  readonly dryRun: boolean;
}

/** Fills gaps in the closes of a symbol from a file. */
export async function runImport(
  app: Pick<App, 'settings' | 'closes' | 'ledger' | 'source' | 'now' | 'host'>,
  symbol: string,
  file: string,
  options: ImportOptions,
): Promise<number> {
  const result = await importCloses(app, symbol, file, options);
  if ('skipped' in result) return tellSkipped(result);
  importLines(result).forEach(print);
  return DONE;
}

/** Takes the newest import back that stands. */
export async function runUndo(
  app: Pick<App, 'settings' | 'closes' | 'ledger' | 'source' | 'now' | 'host'>,
  symbol: string | undefined,
  options: ImportOptions,
): Promise<number> {
  const result = await takeBackImport(app, symbol, options);
  if ('skipped' in result) return tellSkipped(result);
  takeBackLines(result).forEach(print);
  return DONE;
}

/** Shows the imports of a symbol, or of all. */
export async function runImportList({ closes }: Pick<App, 'closes'>, symbol: string | undefined): Promise<number> {
  importListLines(closes.imports(symbol)).forEach(print);
  return DONE;
}
