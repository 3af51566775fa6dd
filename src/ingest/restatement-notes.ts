import type { App } from '../app/app.ts';
import type { Session } from '../market/close.ts';
import { type Restatement, restatementText } from '../market/restatement.ts';
import type { Reading } from '../market/source.ts';
import { isToCome } from '../market/stamp.ts';

/** For so long after a restatement what it changes is not told: a source may take it back. In milliseconds. */
const NEWLY_RESTATED = 2 * 86_400_000;

export async function noteRestated({ closes }: Pick<App, 'closes'>, symbol: string, at: number): Promise<void> {
  await closes.note(`restated at ${symbol}`, new Date(at).toISOString());
}

/** True for two days after the whole history of a symbol was restated: a source may take that back. */
export function isNewlyRestated({ closes, now }: Pick<App, 'closes' | 'now'>, symbol: string): boolean {
  const at = closes.noted(`restated at ${symbol}`);
  if (at === undefined || isToCome(at, now())) return false;
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
export async function standsFor(
  app: Pick<App, 'closes' | 'now'>,
  symbol: string,
  restatement: Restatement,
  milliseconds: number,
): Promise<boolean> {
  const { closes, now } = app;
  const text = restatementText(restatement);
  const known = notedRestatement(app, symbol);
  if (known?.text === text && known.since <= now()) return now() - known.since >= milliseconds;
  const note: NotedRestatement = { text, to: restatement.to, since: now() };
  await closes.note(`restated ${symbol}`, JSON.stringify(note));
  return false;
}

/** A reading that reaches into the part and has it as it is stored ends what was told of it so far. */
export async function forgetRestatement(app: Pick<App, 'closes'>, { symbol, bars }: Reading): Promise<void> {
  const known = notedRestatement(app, symbol);
  const [first] = bars;
  if (known === undefined || first === undefined || (known.to !== undefined && first.session > known.to)) return;
  await app.closes.note(`restated ${symbol}`, null);
}

function notedRestatement({ closes }: Pick<App, 'closes'>, symbol: string): NotedRestatement | undefined {
  const noted = closes.noted(`restated ${symbol}`);
  return noted === undefined ? undefined : (JSON.parse(noted) as NotedRestatement);
}
