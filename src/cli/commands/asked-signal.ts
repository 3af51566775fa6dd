import type { App } from '../../app/app.ts';
import { firstOf } from '../../message/format.ts';
import { CallError } from '../../settings/call-error.ts';
import type { Signal } from '../../signal/signal.ts';
import { signalNamed } from '../../signal/signal-named.ts';

/** A question that needs no configuration: a signal of it, with another index, benchmark or quiet period. */
export interface SignalOptions {
  readonly signal?: string;
  readonly index?: string;
  readonly benchmark?: string;
  readonly years?: number;
}

/**
 * The signal that was named, or the one that was asked for.
 * @throws {CallError} where there is none of that id
 */
export async function askedSignal(
  { settings }: Pick<App, 'settings'>,
  { signal: id, index, benchmark, years }: SignalOptions,
): Promise<Signal> {
  const { signals } = settings;
  const signal = signalNamed(signals, id);
  if (signal === undefined) {
    throw new CallError(`--signal is '${id}'; allowed: ${firstOf(signals.map((candidate) => candidate.id))}`);
  }
  if (index === undefined && benchmark === undefined && years === undefined) return signal;
  const { adHocSignal } = await import('../../analysis/ad-hoc-signal.ts');
  return adHocSignal(settings, signal, { index, benchmark, years });
}
