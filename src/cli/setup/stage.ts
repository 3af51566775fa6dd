import type { Runtime } from '../../app/runtime.ts';
import type { Draft } from './draft.ts';
import type { Prompter } from './prompter.ts';
import type { Rehearsal } from './rehearsal.ts';

/** What every part of a setup works with. */
export interface Stage {
  readonly prompter: Prompter;
  readonly draft: Draft;
  readonly runtime: Runtime;
  readonly rehearsal: Rehearsal;
  /** The name of this machine. */
  readonly hostName: string;
  /** Makes a token for the page, at random. */
  readonly newToken: () => string;
}

/** Says which of these variables are set elsewhere. */
export function tellHeld({ prompter, draft }: Pick<Stage, 'prompter' | 'draft'>, names: readonly string[]): void {
  for (const line of draft.heldNotes(names)) prompter.tell('note', line);
}
