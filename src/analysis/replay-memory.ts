import { isNear, RECENT_DAYS } from '../market/big-move.ts';
import type { Session } from '../market/close.ts';
import type { Exchange } from '../market/exchange.ts';
import { addDays } from '../market/session.ts';
import { type ClosesStore, REREAD_SESSIONS } from '../store/closes.ts';
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

export function remembering(
  ledger: Ledger,
  exchangeOf: (symbol: string) => Exchange,
  maxMoveOf: (symbol: string) => number,
): Memory {
  const closes = createMemoryCloses(exchangeOf);
  const compared = new Set<Session>();
  let record: SignalRecord | undefined;
  return {
    closes: {
      ...closes,
      // With what may be a neighbour of the first session that is read.
      known: (symbol, from) => closes.known(symbol, from && addDays(from, -RECENT_DAYS)),
      readFrom: (symbol, now) => readAgainFrom(closes, symbol, maxMoveOf(symbol), now),
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

/** Calendar days that have more sessions than are read again. */
const REREAD_DAYS = 90;

/**
 * Where the next reading of a replay begins: 30 sessions back, or at the close that the last big move was made from. True
 * evenings read from the oldest held or missing session on. Here the source tells the same each time, so that what is not
 * believed after the next sessions never is: with one held close of 1990, as many an index has, each evening since would read
 * and judge thirty years.
 */
function readAgainFrom(closes: ClosesStore, symbol: string, maxMove: number, now: number): Session | undefined {
  const begin = closes.readFrom(symbol, now);
  const since = addDays(closes.exchange(symbol).date(now), -REREAD_DAYS);
  const recent = closes.known(symbol, since).at(-1 - REREAD_SESSIONS)?.session;
  if (begin === undefined || recent === undefined || recent <= begin) return begin;
  const accepted = closes.accepted(symbol);
  for (let at = accepted.length - 1; at > 0; at--) {
    const [before, close] = [accepted[at - 1], accepted[at]];
    if (before === undefined || close === undefined || close.session < begin) break;
    if (!isNear(close.close, before.close, maxMove)) return before.session < recent ? before.session : recent;
  }
  return recent;
}
