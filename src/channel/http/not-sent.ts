/** The request was not written whole: nobody can have taken it. */
export class NotSentError extends Error {
  override name = 'NotSentError';
  /** What kept it, as Node or the client names it. */
  readonly code: string;
  constructor(code: string) {
    super(code);
    this.code = code;
  }
}

/** What kept a connection from being made; of several addresses that were tried, what the first one said. */
export function codeOf(error: unknown): string {
  const { code, errors, name, cause } = error as {
    code?: unknown;
    errors?: readonly unknown[];
    name?: string;
    cause?: unknown;
  };
  const refusal = (error as Partial<Error>).message?.match(/^Proxy response \((\d+)\)/)?.[1];
  if (refusal !== undefined) return `the proxy answered HTTP ${refusal}`;
  if (typeof code === 'string') return code;
  if (errors?.[0] !== undefined) return codeOf(errors[0]);
  if (typeof cause === 'object' && cause !== null) return codeOf(cause);
  return name === 'AbortError' || name === 'TimeoutError' ? 'not sent in time' : (name ?? 'unknown error');
}
