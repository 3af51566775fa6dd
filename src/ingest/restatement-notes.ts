import type { App } from '../app/app.ts';
import type { Session } from '../market/close.ts';
import { type Restatement, restatementText } from '../market/restatement.ts';
import type { Reading } from '../market/source.ts';
import { isToCome } from '../market/stamp.ts';
import { prepared } from '../store/sqlite/prepared.ts';

/** For so long after a restatement what it changes is not told: a source may take it back. In milliseconds. */
const NEWLY_RESTATED = 2 * 86_400_000;

export function noteRestated({ database }: Pick<App, 'database'>, symbol: string, at: number): void {
  const value = new Date(at).toISOString();
  prepared(database, 'insert or replace into facts (name, value) values (?, ?)').run(`restated at ${symbol}`, value);
}

/** True for two days after the whole history of a symbol was restated: a source may take that back. */
export function isNewlyRestated({ database, now }: Pick<App, 'database' | 'now'>, symbol: string): boolean {
  const at = prepared(database, 'select value from facts where name = ?').pluck().get(`restated at ${symbol}`);
  if (typeof at !== 'string' || isToCome(at, now())) return false;
  return now() - Date.parse(at) <= NEWLY_RESTATED;
}

/** A restatement of a part that is not believed yet. */
interface NotedRestatement {
  readonly text: string;
  /** The last session of it; absent: noted by an earlier version. */
  readonly to?: Session;
  /** Epoch milliseconds. */
  readonly since: number;
}

/** True where a source has told the same restatement for so long, at every look; notes when it began. */
export function standsFor(
  app: Pick<App, 'database' | 'now'>,
  symbol: string,
  restatement: Restatement,
  milliseconds: number,
): boolean {
  const { database, now } = app;
  const text = restatementText(restatement);
  const known = notedRestatement(app, symbol);
  if (known?.text === text && known.since <= now()) return now() - known.since >= milliseconds;
  const note: NotedRestatement = { text, to: restatement.to, since: now() };
  prepared(database, 'insert or replace into facts (name, value) values (?, ?)').run(
    `restated ${symbol}`,
    JSON.stringify(note),
  );
  return false;
}

/** A reading that reaches into the part and has it as it is stored ends what was told of it so far. */
export function forgetRestatement(app: Pick<App, 'database'>, { symbol, bars }: Reading): void {
  const known = notedRestatement(app, symbol);
  const [first] = bars;
  if (known === undefined || first === undefined || (known.to !== undefined && first.session > known.to)) return;
  prepared(app.database, 'delete from facts where name = ?').run(`restated ${symbol}`);
}

function notedRestatement({ database }: Pick<App, 'database'>, symbol: string): NotedRestatement | undefined {
  const noted = prepared(database, 'select value from facts where name = ?').pluck().get(`restated ${symbol}`);
  return typeof noted === 'string' ? (JSON.parse(noted) as NotedRestatement) : undefined;
}
