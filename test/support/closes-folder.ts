import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createDemoSource } from '../../src/demo/source.ts';
import type { Session } from '../../src/market/close.ts';

/** Writes the demo's closes up to a session as CSV files. @param from undefined: all of them */
export async function writeCloses(folder: string, to: Session, from?: Session): Promise<void> {
  for (const symbol of ['^RUT', '^GSPC']) {
    const { bars } = await createDemoSource().read(symbol, from, Date.parse(`${to}T23:00:00Z`));
    const rows = bars.map(({ session, close }) => `${session},${close}`);
    writeFileSync(join(folder, `${symbol}.csv`), `session,close\n${rows.join('\n')}\n`);
  }
}
