import type { Session } from '../market/close.ts';
import type { Exchange } from '../market/exchange.ts';
import type { ClosesStore } from '../store/closes.ts';
import type { SignalRecord } from '../store/events.ts';
import type { Ledger } from '../store/ledger.ts';
import { createMemoryCloses } from '../store/memory-closes.ts';

/** What saves a replay from reading everything again every evening; it changes nothing that is decided. */
export interface Memory {
  readonly closes: ClosesStore;
  /** What it knows of the signal is read again only after something was written. */
  readonly ledger: Ledger;
  readonly forgetRecord: () => void;
  /** True when no close up to an event's session has changed since this was last asked about it. */
  readonly unchanged: (session: Session) => boolean;
}

export function remembering(ledger: Ledger, exchangeOf: (symbol: string) => Exchange): Memory {
  const closes = createMemoryCloses(exchangeOf);
  const compared = new Set<Session>();
  let record: SignalRecord | undefined;
  return {
    closes: {
      ...closes,
      store: async (symbol, judgement) => {
        await closes.store(symbol, judgement);
        const from = judgement.changed.reduce((first, { session }) => (session < first ? session : first), '9999');
        for (const session of compared) if (session >= from) compared.delete(session);
      },
    },
    ledger: {
      ...ledger,
      signal: async (id) => {
        record ??= await ledger.signal(id);
        return record;
      },
      decide: async (...decisions) => {
        await ledger.decide(...decisions);
        const [decision] = decisions;
        if (decision === undefined) return;
        const { fingerprint, baselineSession, evaluatedSession, evaluatedAt } = decision;
        const quiet = decision.events.length + decision.withdrawn.length + decision.rewritten.length === 0;
        record =
          quiet && record ? { ...record, fingerprint, baselineSession, evaluatedSession, evaluatedAt } : undefined;
      },
    },
    forgetRecord: () => {
      record = undefined;
    },
    unchanged: (session) => {
      const before = compared.has(session);
      compared.add(session);
      return before;
    },
  };
}
