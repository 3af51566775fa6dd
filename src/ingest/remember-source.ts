import type { App } from '../app/app.ts';
import { OtherSourceError } from '../store/errors.ts';

/**
 * Notes the source before the first reading: two sources would mix into a false record.
 * @throws {OtherSourceError} where another process has read from another one meanwhile
 */
export async function rememberSource({
  settings,
  closes,
  source,
}: Pick<App, 'settings' | 'closes' | 'source'>): Promise<void> {
  const known = closes.noted('source');
  if (known === undefined) await closes.note('source', source.name);
  else if (known !== source.name) throw new OtherSourceError(settings, known, source.name);
}
