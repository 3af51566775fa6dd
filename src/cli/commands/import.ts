import type { App } from '../../app/app.ts';
import { importLines } from '../../console/import.ts';
import { importCloses } from '../../ingest/import.ts';
import { DONE, print } from '../output.ts';
import { tellSkipped } from './report.ts';

/** Fills gaps in the closes of a symbol from a file. */
export async function runImport(
  app: Pick<App, 'settings' | 'closes' | 'ledger' | 'source' | 'now'>,
  symbol: string,
  file: string,
): Promise<number> {
  const result = await importCloses(app, symbol, file);
  if ('skipped' in result) return tellSkipped(result);
  importLines(result).forEach(print);
  return DONE;
}
