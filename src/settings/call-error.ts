/** What a person asked for cannot be asked: says what was given, and what is allowed. */
export class CallError extends Error {
  override name = 'CallError';
}
