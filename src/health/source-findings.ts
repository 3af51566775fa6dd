import pMap from 'p-map';
import type { Runtime } from '../app/runtime.ts';
import { NEW_YORK } from '../market/exchange.ts';
import { expectedSession } from '../market/expected-session.ts';
import { newYorkDate } from '../market/new-york.ts';
import { addMonths } from '../market/session.ts';
import type { Source } from '../market/source.ts';
import { count, date, plural, points } from '../message/format.ts';
import type { Settings } from '../settings/settings.ts';
import { watchedSymbols } from '../settings/symbols.ts';
import { type Finding, find } from './finding.ts';

/** Far enough back to find a close in a source that has fallen behind, and say how far. */
const LOOK_BACK_MONTHS = 24;

/** Requests under way at once. */
const AT_ONCE = 4;
/** So many symbols get a line each. */
export const ONE_BY_ONE = 20;

/** A line for each symbol; of a long watch list only for those that are not well. */
export async function sourceFindings(
  settings: Settings,
  source: Source,
  { now }: Pick<Runtime, 'now'>,
): Promise<Finding[]> {
  const symbols = watchedSymbols(settings);
  const findings = await pMap(
    symbols,
    (symbol) => find(settings, source.name, () => sourceLine(source, symbol, now())),
    { concurrency: AT_ONCE },
  );
  if (symbols.length <= ONE_BY_ONE) return findings;
  const failing = findings.filter(({ ok }) => !ok);
  const behind = findings.filter(({ ok, text }) => ok && text.endsWith(' behind')).length;
  const late = behind === 0 ? '' : `, ${count(behind)} of them behind`;
  const well = `${count(symbols.length - failing.length)} of ${count(symbols.length)} symbols can be read${late}`;
  return [{ ok: failing.length === 0, what: source.name, text: well }, ...failing];
}

async function sourceLine(source: Source, symbol: string, now: number): Promise<string> {
  const reading = await source.read(symbol, addMonths(newYorkDate(now), -LOOK_BACK_MONTHS), now);
  const { bars, exchange = NEW_YORK, marketPrice } = reading;
  const last = bars.findLast(({ close }) => close !== null);
  if (last === undefined || last.close === null)
    throw new Error(`${symbol}: no close in the last ${LOOK_BACK_MONTHS} months`);
  const look = { at: now, lastTrade: marketPrice?.session };
  const behind = exchange.sessionsBetween(last.session, expectedSession(exchange, look, now)).length - 1;
  const late = behind > 0 ? `, ${plural(behind, 'session')} behind` : '';
  return `${symbol}: newest close ${points(last.close)} of ${date(last.session)}${late}`;
}
