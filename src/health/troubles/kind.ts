import type { App } from '../../app/app.ts';
import type { Trouble } from '../../message/warning.ts';
import type { OpenTrouble } from '../../store/troubles.ts';

/** One kind of trouble: what its troubles are called, how they are found, and how one of them ended. */
export interface TroubleKind {
  /** True for the names of its troubles. */
  readonly owns: (name: string) => boolean;
  /**
   * Those of now, from what is stored.
   * @param found the troubles of the kinds before it, which need not be told a second time
   */
  readonly find: (app: App, found: readonly Trouble[]) => readonly Trouble[] | Promise<readonly Trouble[]>;
  /**
   * What is true now that one of them is over, as a sentence; undefined where there is nothing to say: it was overtaken, or
   * what it was about is gone.
   */
  readonly ending: (app: App, trouble: OpenTrouble) => string | undefined | Promise<string | undefined>;
}
