/** The daemon that a page is of, one of those that share a ledger. */
export interface Instance {
  readonly id: string;
  /** The leader acts; a standby takes over where it is gone. */
  role(): 'leader' | 'standby';
  /** Why a standby does not take over: the setting that differs from another daemon's; undefined: it would. */
  refusal(): string | undefined;
}
