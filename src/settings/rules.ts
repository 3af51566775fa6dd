import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Signal } from '../signal/signal.ts';
import { asFirstPublished } from './corrected-records.ts';
import type { Settings } from './settings.ts';

/** What decides which closes are events, by the name of its setting. */
type Rules = Readonly<Record<string, string>>;

/** What a daemon watches, and by which rules, as a text that differs where they do. Titles, names and channels do not count. */
export function rulesOf(settings: Pick<Settings, 'source' | 'signals' | 'symbols'>): string {
  const rules: Rules = {
    MARKET_SOURCE: settings.source.name,
    ...Object.fromEntries(settings.signals.flatMap(ofSignal)),
    ...Object.fromEntries(Object.entries(settings.symbols).flatMap(ofSymbol)),
  };
  return JSON.stringify(rules);
}

/** Of a symbol count its biggest move and its exchange. */
function ofSymbol([symbol, { maxDailyMove, exchange }]: [string, Settings['symbols'][string]]): [string, string][] {
  if (maxDailyMove === undefined && exchange === undefined) return [];
  return [[`symbol ${symbol}`, text({ maxDailyMove, exchange })]];
}

function ofSignal({ id, index, benchmark, quietYears, horizons, beforeHistory }: Signal): [string, string][] {
  return [
    [`signal ${id}, index`, index],
    [`signal ${id}, benchmark`, benchmark],
    [`signal ${id}, quietYears`, String(quietYears)],
    [`signal ${id}, horizons`, text(horizons)],
    ...(beforeHistory === undefined
      ? []
      : ([[`signal ${id}, beforeHistory`, `${beforeHistory.until} ${markOf(beforeHistory.file)}`]] satisfies [
          string,
          string,
        ][])),
  ];
}

/** The first setting in which two rules differ, as words; undefined: in none. */
export function ruleDifference(mine: string, theirs: string): string | undefined {
  if (mine === theirs) return undefined;
  const [here, there] = [JSON.parse(mine) as Rules, JSON.parse(theirs) as Rules];
  const name = [...new Set([...Object.keys(here), ...Object.keys(there)])].find((one) => here[one] !== there[one]);
  return name === undefined ? undefined : `${name}: ${here[name] ?? 'not set'} here, ${there[name] ?? 'not set'} there`;
}

function text(value: unknown): string {
  return JSON.stringify(value);
}

/** A short mark of what a file holds. */
function markOf(file: string): string {
  try {
    return createHash('sha256')
      .update(asFirstPublished(readFileSync(file, 'utf8')))
      .digest('hex')
      .slice(0, 12);
  } catch {
    // The check that needs it says what is wrong with it.
    return 'unreadable';
  }
}
