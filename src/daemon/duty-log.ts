import type { App } from '../app/app.ts';
import { cleanWords } from '../message/clean-words.ts';

/** Does duties one by one, and keeps what did not work: one that fails stops no other. */
export interface DutyLog {
  /** What did not work, a line each. */
  readonly problems: string[];
  /** The errors that nobody expected. */
  readonly errors: Error[];
  /** @returns undefined where it failed, or was not begun as the process is to stop: it is due again at the next start */
  readonly perform: <T>(duty: string, act: () => T | Promise<T>) => Promise<T | undefined>;
}

/** The log of one round. */
export function createDutyLog({ settings, host }: Pick<App, 'settings' | 'host'>): DutyLog {
  const problems: string[] = [];
  const errors: Error[] = [];
  return {
    problems,
    errors,
    perform: async (duty, act) => {
      if (host.stopping.aborted) return undefined;
      try {
        return await act();
      } catch (error) {
        problems.push(cleanWords(`${duty}: ${(error as Error).message}`, settings.secrets));
        errors.push(error as Error);
        return undefined;
      }
    },
  };
}
