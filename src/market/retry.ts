/** How often and how patiently something is tried again. Times in milliseconds. */
export interface Patience {
  readonly attempts: number;
  readonly firstDelay: number;
  readonly maxDelay: number;
  readonly sleep: (ms: number) => Promise<void>;
  /** Uniform on [0, 1). */
  readonly random: () => number;
}

/**
 * Runs `task` until it succeeds, fails in a way that trying again cannot help, or the attempts are used up. Waits with
 * full jitter in between: a uniform part of a ceiling that doubles each time.
 * Source: M. Brooker, Exponential Backoff And Jitter, AWS Architecture Blog, 2015.
 * @param delayFor how long to wait at least after this error, in milliseconds; undefined: do not try again
 */
export async function withRetries<T>(
  task: () => Promise<T>,
  delayFor: (error: unknown) => number | undefined,
  patience: Patience,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await task();
    } catch (error) {
      const atLeast = delayFor(error);
      if (atLeast === undefined || atLeast > patience.maxDelay || attempt === patience.attempts) throw error;
      const ceiling = Math.min(patience.maxDelay, patience.firstDelay * 2 ** (attempt - 1));
      await patience.sleep(Math.max(atLeast, patience.random() * ceiling));
    }
  }
}
