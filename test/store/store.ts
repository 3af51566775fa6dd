import type { ClosesStore } from '../../src/store/closes.ts';
import type { Ledger } from '../../src/store/ledger.ts';

/** What keeps a ledger and closes: each test of their contracts runs on every one. All that is opened goes with the test. */
export interface Store {
  readonly name: string;
  /** An empty ledger. `again` opens the same one as another process does. */
  openLedger(): Promise<{ readonly ledger: Ledger; again(): Promise<Ledger> }>;
  /** Closes of nothing yet. `again` opens the same ones as another process does. */
  openCloses(): Promise<{ readonly closes: ClosesStore; again(): Promise<ClosesStore> }>;
}
