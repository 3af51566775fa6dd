/** No acknowledgement is longer, in characters. */
const LONGEST_ANSWER = 500;

/** Services, and what stands before them, refuse with status 200 in these words. */
const REFUSED =
  /\b(not[ -_]?found|no such|unknown|does ?n[o']t exist|invalid|unauthori[sz]ed|forbidden|denied|rate[ -_]?limit\w*|too many|expired|disabled|inactive|not active|suspended|blocked|log ?in|sign ?in|errors?|failed|failure)\b/i;

/** What an answer with a good status says instead of an acknowledgement; null for one that is. */
export function refusalIn(text: string): string | null {
  if (/^\s*<|<(!doctype|html|head|body|script|form)\b/i.test(text))
    return 'with a web page, which no heartbeat service does';
  if (text.length > LONGEST_ANSWER) return 'with a long text, which no heartbeat service does';
  const words = /^[{[]/.test(text) ? wordsOf(text) : text;
  if (words === null || !REFUSED.test(words)) return null;
  return `'${text.replace(/[\p{Cc}\s]+/gu, ' ').slice(0, 100)}'`;
}

/** What a JSON answer says of success: null where it says so plainly, else its words. */
function wordsOf(text: string): string | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return text;
  }
  const { ok, success, error, errors, status, code, statusCode, ...rest } = (value ?? {}) as Record<string, unknown>;
  const said = [ok, success].filter((word) => word !== undefined && word !== null);
  if (said.some((word) => word === false || word === 'false' || word === 0)) return 'error';
  if ([error, errors].some((word) => (Array.isArray(word) ? word.length > 0 : Boolean(word)))) return 'error';
  if ([status, code, statusCode].some((number) => Number(number) >= 400)) return 'error';
  if (said.length > 0) return null;
  const { message, msg, detail, title, result } = rest;
  return [status, message, msg, detail, title, result]
    .filter((word) => typeof word === 'string')
    .map((word) => (/^(fail|down)$/i.test(word) ? 'failure' : word))
    .join(' ');
}
