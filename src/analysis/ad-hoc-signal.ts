import { CallError } from '../settings/call-error.ts';
import type { Settings } from '../settings/settings.ts';
import { SYMBOL_TEXT } from '../settings/signals-file.ts';
import { symbolName } from '../settings/symbols.ts';
import type { Signal } from '../signal/signal.ts';

/** A question that no configuration asks. */
export interface Asked {
  readonly index?: string | undefined;
  readonly benchmark?: string | undefined;
  /** Calendar years of quiet. */
  readonly years?: number | undefined;
}

/**
 * The signal that a question asks for: a configured one with another index, benchmark or quiet period. The record closes
 * from before the source's history belong to their index and come with it.
 * @throws {CallError} for a text that is no symbol
 */
export function adHocSignal(settings: Settings, base: Signal, { index, benchmark, years }: Asked): Signal {
  for (const [option, symbol] of [
    ['--index', index],
    ['--benchmark', benchmark],
  ] as const) {
    if (symbol !== undefined && !SYMBOL_TEXT.test(symbol)) {
      throw new CallError(`${option} is '${symbol}'; allowed: a Yahoo symbol such as '^NDX'`);
    }
  }
  const signal = { ...base, index: index ?? base.index, benchmark: benchmark ?? base.benchmark };
  const quietYears = years ?? base.quietYears;
  const known = settings.signals.find((candidate) => candidate.index === signal.index);
  return {
    ...signal,
    id: `${slug(signal.index)}-${slug(signal.benchmark)}-${quietYears}y`.slice(0, 40),
    title: known?.title ?? symbolName(settings, signal.index),
    quietYears,
    beforeHistory: known?.beforeHistory,
  };
}

function slug(symbol: string): string {
  return (
    symbol
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-|-$/g, '') || 'x'
  );
}
