import { setTimeout } from 'node:timers/promises';
import type { Source } from '../market/source.ts';
import type { App } from './app.ts';

/** What tests and the demo replace. */
export interface Runtime {
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<void>;
  readonly random: () => number;
  readonly progress: (line: string) => void;
  readonly stopping?: AbortSignal;
  readonly freeBytes?: (path: string) => Promise<number>;
  readonly source?: Source;
  /** How long a service may take for one answer, in milliseconds; by default each one's own. */
  readonly timeout?: number;
  readonly draw?: App['draw'];
  /** Takes whatever database is there, or none: it is about to be replaced. */
  readonly anyLedger?: boolean;
}

/** The real clock, sleep and chance; progress goes to `progress`. A sleep ends early when the process is to stop. */
export function realRuntime(
  progress: (line: string) => void,
  stopping: AbortSignal = new AbortController().signal,
): Runtime {
  return {
    now: Date.now,
    sleep: (ms) => setTimeout(ms, undefined, { signal: stopping }).catch(() => undefined),
    random: Math.random,
    progress,
    stopping,
  };
}
