import { codeOf, NotSentError } from './not-sent.ts';
import { follow, mayBeTaken, type Progress } from './written.ts';

/**
 * Makes one request, and gives up when the signal says so.
 * @throws {NotSentError} where it fails before it was written whole; otherwise what the client throws
 */
export async function attempt<T>(request: () => Promise<T>, signal?: AbortSignal | null): Promise<T> {
  const progress: Progress = { made: false, written: false };
  const answer = follow(request, progress);
  // A client may hear of the signal only once it is connected, and then sends nothing: nobody has to wait for it.
  const ended = new Promise<never>((_, reject) => {
    const end = () => reject(Object.assign(new Error('no answer in time'), { name: 'AbortError' }));
    if (signal?.aborted) end();
    else signal?.addEventListener('abort', end, { once: true });
  });
  try {
    return await Promise.race([answer, ended]);
  } catch (error) {
    answer.catch(() => undefined);
    throw mayBeTaken(progress) ? error : new NotSentError(codeOf(error));
  }
}
