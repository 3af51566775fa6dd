/** What nodemailer's errors hold. */
export interface SmtpError extends Error {
  readonly code?: string;
  readonly originalCode?: string;
  readonly command?: string;
  readonly responseCode?: number;
  readonly response?: string;
  /** One for each address of a host. */
  readonly errors?: readonly Error[];
}

/** The server's reply on one line, its code once; without one what the system says. */
export function wordsOf({ response, message, errors = [], originalCode, code }: Omit<SmtpError, 'name'>): string {
  if (response !== undefined) return replyWords(response);
  // An error of several addresses has no words of its own.
  const words = message || errors.map((each) => each.message).join('; ') || originalCode || code || 'no reason given';
  return words.replace(/\s+/g, ' ').trim();
}

/** `534-5.7.9 one\n534 5.7.9 two` as `534 5.7.9 one two`. */
export function replyWords(response: string): string {
  const [first = '', ...rest] = response.split(/\r?\n/);
  const [, code, status] = /^(\d{3})[ -](\d\.\d+\.\d+)?/.exec(first) ?? [];
  if (code === undefined) return first.replace(/\s+/g, ' ').trim();
  const more = rest.map((line) => {
    const text = line.replace(/^\d{3}(?:[ -]|$)/, '');
    return status !== undefined && text.startsWith(status) ? text.slice(status.length) : text;
  });
  return [first.replace(/^(\d{3})-/, '$1 '), ...more].join(' ').replace(/\s+/g, ' ').trim();
}
