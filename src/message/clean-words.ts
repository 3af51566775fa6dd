/** The same text with `[secret]` in the place of every secret. */
export function withoutSecrets(text: string, secrets: readonly string[]): string {
  return secrets.reduce((clean, secret) => clean.replaceAll(secret, '[secret]'), text);
}

/**
 * Words of others, as a service's error, fit for a line of a log, a terminal or a message: without secrets, without
 * characters that would begin a new line, move a cursor or turn the direction of reading, and not endless.
 */
export function cleanWords(text: string, secrets: readonly string[]): string {
  // Before the text is cut: half a secret is one too.
  const line = withoutSecrets(text.slice(0, LONGEST_TEXT), secrets).replace(CONTROLS, ' ').trim();
  return line.length > LONGEST_LINE ? `${line.slice(0, LONGEST_LINE).trimEnd()} …` : line;
}

const LONGEST_TEXT = 100_000;

const LONGEST_LINE = 500;

const CONTROLS = /[\p{Cc}\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]+/gu;
