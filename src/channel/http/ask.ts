import type { MayWrite } from '../channel.ts';
import { attempt } from './attempt.ts';
import { codeOf, NotSentError } from './not-sent.ts';
import { whereAllowed } from './written.ts';

/** How long a service may take to answer, in milliseconds. Above undici's 10 s to connect, so that the two differ. */
export const ANSWER_TIMEOUT = 15_000;
/** The code of a silence that lasted too long. */
export const LATE = 'no answer in time';
/** The most of an answer that is read, in bytes. */
const MOST_BYTES = 1_000_000;

export interface Request {
  readonly url: string | URL;
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

/** What a service answered. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** False where it broke off, or is longer than anybody reads. */
  readonly whole: boolean;
}

/** That no answer came. */
export interface Silence {
  /** True where the request may have been taken all the same. */
  readonly taken: boolean;
  /** Why, as Node or the client names it; never an address. */
  readonly code: string;
}

/**
 * Makes one request, repeats nothing and follows no redirect. Never throws for what a service does.
 * @param timeout for the whole answer, in milliseconds
 * @param mayWrite asked before the body is written, and again before its end is
 */
export async function ask(request: Request, timeout: number, mayWrite?: MayWrite): Promise<Answer | Silence> {
  const { url, method, headers, body } = request;
  const signal = AbortSignal.timeout(timeout);
  const init = {
    method,
    headers: { 'user-agent': 'Breakout Bell', ...headers },
    redirect: 'manual' as const,
    signal,
    ...(body && { body }),
  };
  try {
    const allowed = mayWrite === undefined ? init : await whereAllowed(init, mayWrite);
    const answer = await attempt(() => fetch(url, allowed as RequestInit), signal);
    return { status: answer.status, headers: answer.headers, ...(await textOf(answer)) };
  } catch (error) {
    if (error instanceof NotSentError) return { taken: false, code: error.code };
    // fetch asks nobody at a port of another protocol, and says so. Source: the Fetch standard, "port blocking".
    if (((error as Error).cause as Error | undefined)?.message === 'bad port')
      return { taken: false, code: 'a port that fetch blocks' };
    const isLate = ['AbortError', 'TimeoutError'].includes((error as Error).name);
    return { taken: true, code: isLate ? LATE : codeOf(error) };
  }
}

export function isSilence(answer: Answer | Silence): answer is Silence {
  return 'taken' in answer;
}

/** The body as far as it comes: a refusal is one, however little of it arrived; of a success the caller decides. */
async function textOf(answer: Response): Promise<{ text: string; whole: boolean }> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  let whole = true;
  try {
    for await (const chunk of answer.body ?? []) {
      size += chunk.byteLength;
      chunks.push(chunk);
      if (size <= MOST_BYTES) continue;
      whole = false;
      break;
    }
  } catch {
    whole = false;
  }
  return { text: new TextDecoder().decode(Buffer.concat(chunks)), whole };
}
