import { existsSync } from 'node:fs';
import { lastSessionOver, newYorkDate, sessionsBetween } from './market/calendar.ts';
import { addMonths } from './market/session.ts';
import { date, plural, points } from './message/format.ts';
import { watchedSymbols } from './settings.ts';
import type { World } from './world.ts';

/** Far enough back to find a close in a source that has fallen behind, and say how far. */
const LOOK_BACK_MONTHS = 24;

/** One thing that was looked at. */
export interface Finding {
  readonly ok: boolean;
  readonly what: string;
  /** What was found, or what is wrong and what to do. */
  readonly text: string;
}

/** Looks at settings, database, source and every channel, changing and sending nothing. Each gets its own line. */
export async function doctor(world: World, root: string): Promise<Finding[]> {
  const { settings, channels, source } = world;
  const looks: [string, () => Promise<string> | string][] = [
    ['settings', () => settingsLine(world, root)],
    ['database', () => databaseLine(world)],
    ...watchedSymbols(settings).map((symbol): [string, () => Promise<string>] => [
      `${source.name} ${symbol}`,
      () => sourceLine(world, symbol),
    ]),
    ...channels.map((channel): [string, () => Promise<string>] => [channel.id, () => channel.test()]),
  ];
  return Promise.all(looks.map(([what, look]) => find(world, what, look)));
}

async function find(world: World, what: string, look: () => Promise<string> | string): Promise<Finding> {
  try {
    return { ok: true, what, text: world.clean(await look()) };
  } catch (error) {
    return { ok: false, what, text: world.clean((error as Error).message) };
  }
}

function settingsLine({ settings, channels }: World, root: string): string {
  const file = existsSync(`${root}/.env`) ? '.env read' : 'no .env, defaults only';
  const signals = settings.signals.map(({ id }) => id).join(', ');
  return `${file}; signals: ${signals}; channels: ${channels.map(({ id }) => id).join(', ')}`;
}

function databaseLine({ settings, database, closes }: World): string {
  const health = database.pragma('quick_check', { simple: true });
  if (health !== 'ok') throw new Error(`${settings.databasePath} is damaged: ${health}; restore a copy`);
  const stored = watchedSymbols(settings).map((symbol) => {
    const all = closes.believed(symbol);
    const last = all.at(-1);
    return last === undefined
      ? `no closes of ${symbol} yet`
      : `${plural(all.length, 'close')} of ${symbol} to ${date(last.session)}`;
  });
  return `${settings.databasePath} is sound; ${stored.join(', ')}`;
}

async function sourceLine({ source, now }: World, symbol: string): Promise<string> {
  const { bars } = await source.read(symbol, addMonths(newYorkDate(now()), -LOOK_BACK_MONTHS), now());
  const last = bars.findLast(({ close }) => close !== null);
  if (last === undefined || last.close === null) throw new Error(`no close in the last ${LOOK_BACK_MONTHS} months`);
  const behind = sessionsBetween(last.session, lastSessionOver(now())).length - 1;
  return `newest close ${points(last.close)} of ${date(last.session)}${behind > 0 ? `, ${plural(behind, 'session')} behind` : ''}`;
}
